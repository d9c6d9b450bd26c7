/**
 * ONNX Runtime reports its use to its makers unless this is set before it is loaded. What somebody predicts with
 * their own models is nobody else's business; setting the variable to 0 says otherwise. Processes that are started
 * from here inherit it.
 */
process.env['ORT_DISABLE_TELEMETRY'] ??= '1'
