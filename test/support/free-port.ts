export { findFreePort as freePort } from '../../cli/demo/free-port.ts'
