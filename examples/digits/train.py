"""Trains the six digit classifiers of this example and writes models/, models.json and stream.ndjson.

    python train.py           train, export, check, write
    python train.py --timing  also print the time of one single-row call of each model

Nothing is written unless every check passes.
"""

import os

# Sums in a fixed order: with more threads the last bits of the weights change from run to run.
# Must be set before numpy is imported.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import hashlib
import json
import platform
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import sklearn
import skl2onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.datasets import load_digits
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, StandardScaler
from sklearn.tree import DecisionTreeClassifier

HERE = Path(__file__).resolve().parent

SEED = 7
TRAIN_ROWS = 897

# A dim, noisy camera: the image loses contrast, and then every pixel gets its own normal error. Noise alone
# would harm most models too little for another one to take the lead.
CONTRAST = 0.4
SIGMA = 2.0
# Seeds of the noise, kept apart so that `robust` is never tested on noise that it has trained on.
NOISE_SEED_TRAIN = 1001
NOISE_SEED_TEST = 2001
NOISY_COPIES = 10
NOISE_DRAWS = 20

COMMITTEE = ("logistic", "forest", "network")

# Old enough for every ONNX Runtime that somebody may still have in service.
OPSET = {"": 17, "ai.onnx.ml": 3}
IR_VERSION = 8
MAX_TOTAL_BYTES = 3_000_000


def add_noise(pixels, generator):
    noisy = CONTRAST * pixels + SIGMA * generator.standard_normal(pixels.shape)
    return np.clip(np.rint(noisy), 0, 16).astype(np.float32)


def load():
    digits = load_digits()
    # float32 from here on: it is what the ONNX models get, and it holds 0..16 exactly.
    pixels = digits.data.astype(np.float32)
    labels = digits.target.astype(np.int64)
    assert pixels.shape == (1797, 64)
    assert np.array_equal(pixels, np.rint(pixels)) and pixels.min() == 0 and pixels.max() == 16
    return train_test_split(pixels, labels, train_size=TRAIN_ROWS, stratify=labels, random_state=SEED)


def train(pixels, labels):
    """Name -> (description, fitted model). Scaling is part of a model, so that all of them take raw pixels."""
    generator = np.random.default_rng(NOISE_SEED_TRAIN)
    noisy_pixels = np.vstack([add_noise(pixels, generator) for _ in range(NOISY_COPIES)])
    noisy_labels = np.tile(labels, NOISY_COPIES)

    models = {
        "logistic": (
            "Logistic regression on scaled pixels",
            make_pipeline(MaxAbsScaler(), LogisticRegression(max_iter=1000, random_state=SEED)),
        ),
        "forest": (
            "Random forest, 64 trees",
            RandomForestClassifier(n_estimators=64, max_depth=12, random_state=SEED, n_jobs=1),
        ),
        "boosting": (
            "Histogram gradient boosting, 500 rounds of one very small tree for each digit: by far the slowest",
            HistGradientBoostingClassifier(
                max_iter=500, learning_rate=0.05, max_leaf_nodes=4, early_stopping=False, random_state=SEED
            ),
        ),
        "network": (
            "Neural network, hidden layers of 128 and 64",
            make_pipeline(MaxAbsScaler(), MLPClassifier((128, 64), max_iter=300, random_state=SEED)),
        ),
        "tree": (
            "One decision tree, at most 6 questions deep",
            DecisionTreeClassifier(max_depth=6, random_state=SEED),
        ),
        "robust": (
            "Neural network, one hidden layer of 64, trained on noisy images only",
            make_pipeline(StandardScaler(), MLPClassifier((64,), alpha=0.01, max_iter=40, random_state=SEED)),
        ),
    }
    with warnings.catch_warnings():
        # The networks stop after a fixed number of epochs on purpose.
        warnings.simplefilter("ignore", ConvergenceWarning)
        for name, (_, model) in models.items():
            if name == "robust":
                model.fit(noisy_pixels, noisy_labels)
            else:
                model.fit(pixels, labels)
    return models


def export(name, model):
    converted = skl2onnx.to_onnx(
        model,
        # The exporter's default name is random, which would make every run's file different.
        name=name,
        initial_types=[("pixels", FloatTensorType([None, 64]))],
        # A plain [N,10] tensor; the default is a sequence of maps, which few servers can send.
        options={id(model): {"zipmap": False}},
        target_opset=OPSET,
    )
    converted.ir_version = IR_VERSION
    # The exporter lists some operator sets twice, in an order that may vary.
    opsets = sorted({(opset.domain, opset.version) for opset in converted.opset_import})
    del converted.opset_import[:]
    converted.opset_import.extend(onnx.helper.make_opsetid(*opset) for opset in opsets)
    require(len(opsets) == len({domain for domain, _ in opsets}), f"{name}: two versions of one operator set: {opsets}")
    for value in (*converted.graph.input, *converted.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
    onnx.checker.check_model(converted, full_check=True)
    return converted.SerializeToString(deterministic=True)


def open_session(content):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    shapes = [(v.name, v.type, v.shape) for v in (*session.get_inputs(), *session.get_outputs())]
    expected = [
        ("pixels", "tensor(float)", ["batch", 64]),
        ("label", "tensor(int64)", ["batch"]),
        ("probabilities", "tensor(float)", ["batch", 10]),
    ]
    require(shapes == expected, f"unexpected inputs or outputs: {shapes}")
    return session


def infer(session, pixels):
    return session.run(["label", "probabilities"], {"pixels": pixels})


def check_same(name, model, session, pixels):
    """The exported file must give the very labels scikit-learn gives, not merely similar ones."""
    labels, probabilities = infer(session, pixels)
    differing = int(np.sum(labels != model.predict(pixels)))
    require(differing == 0, f"{name}: {differing} labels differ between ONNX Runtime and scikit-learn")
    gap = float(np.abs(probabilities - model.predict_proba(pixels)).max())
    require(gap < 1e-4, f"{name}: probabilities differ by {gap} between ONNX Runtime and scikit-learn")
    # One row alone must get what it gets inside a batch, or batching would change answers.
    single = np.concatenate([infer(session, row[None, :])[0] for row in pixels])
    require(np.array_equal(single, labels), f"{name}: a row alone gets another label than in a batch")


def require(condition, message):
    if not condition:
        sys.exit(f"train.py: {message}")


def predict_all(sessions, pixels):
    answers = {name: infer(session, pixels) for name, session in sessions.items()}
    labels = {name: label for name, (label, _) in answers.items()}
    labels["committee"] = np.mean([answers[name][1] for name in COMMITTEE], axis=0).argmax(axis=1)
    return labels


def score(predicted, labels):
    correct = int(np.sum(predicted == labels))
    return {"correct": correct, "total": len(labels), "accuracy": round(correct / len(labels), 6)}


def measure(sessions, pixels, labels):
    clean = {name: score(p, labels) for name, p in predict_all(sessions, pixels).items()}
    draws = []
    for draw in range(NOISE_DRAWS):
        noisy_pixels = add_noise(pixels, np.random.default_rng(NOISE_SEED_TEST + draw))
        draws.append({name: score(p, labels) for name, p in predict_all(sessions, noisy_pixels).items()})
    measured = {}
    for name in clean:
        accuracies = [draw[name]["accuracy"] for draw in draws]
        measured[name] = {
            "clean": clean[name],
            "noisy": draws[0][name],
            "noisyDraws": {
                "mean": round(float(np.mean(accuracies)), 6),
                "min": min(accuracies),
                "max": max(accuracies),
            },
        }
    return measured


def check_story(measured):
    """The example is worth watching only if the best arm changes when the noise begins."""
    robust = measured["robust"]
    others = [m for name, m in measured.items() if name != "robust"]
    best_clean = max(m["clean"]["accuracy"] for m in others)
    best_noisy = max(m["noisyDraws"]["max"] for m in others)
    require(best_clean - robust["clean"]["accuracy"] >= 0.02, "robust is too good on clean images")
    require(robust["noisyDraws"]["min"] >= 0.8, "robust is too weak on noisy images")
    require(robust["noisyDraws"]["min"] - best_noisy >= 0.1, "robust does not lead clearly on noisy images")


def time_single_row(session, pixels):
    """Median microseconds of one call with one row."""
    rows = [row[None, :].copy() for row in pixels]
    for row in rows[:200]:
        session.run(None, {"pixels": row})
    times = []
    for _ in range(5):
        for row in rows:
            start = time.perf_counter_ns()
            session.run(None, {"pixels": row})
            times.append(time.perf_counter_ns() - start)
    return float(np.median(times)) / 1000


def main():
    train_pixels, held_pixels, train_labels, held_labels = load()
    models = train(train_pixels, train_labels)
    contents = {name: export(name, model) for name, (_, model) in models.items()}
    total_bytes = sum(len(content) for content in contents.values())
    require(total_bytes < MAX_TOTAL_BYTES, f"the models take {total_bytes} bytes")

    sessions = {name: open_session(content) for name, content in contents.items()}
    noisy_pixels = add_noise(held_pixels, np.random.default_rng(NOISE_SEED_TEST))
    for name, (_, model) in models.items():
        check_same(name, model, sessions[name], held_pixels)
        check_same(name, model, sessions[name], noisy_pixels)
    measured = measure(sessions, held_pixels, held_labels)
    check_story(measured)

    manifest = {
        "seed": SEED,
        "rows": {"all": 1797, "train": len(train_labels), "heldOut": len(held_labels)},
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scikit-learn": sklearn.__version__,
            "skl2onnx": skl2onnx.__version__,
            "onnx": onnx.__version__,
            "onnxruntime": onnxruntime.__version__,
        },
        "noise": {
            "description": "A dim, noisy camera: less contrast, then an independent normal error on every pixel",
            "formula": "clip(round(contrast * pixel + sigma * normal()), 0, 16)",
            "contrast": CONTRAST,
            "sigma": SIGMA,
            "clip": [0, 16],
            "rounded": True,
            "seed": NOISE_SEED_TEST,
            "draws": NOISE_DRAWS,
            "note": "`noisy` is the draw of `seed`; `noisyDraws` is over that seed and the ones that follow it. "
            "Another normal generator gives other pixels, and accuracies within about this range.",
        },
        "input": {"name": "pixels", "datatype": "FP32", "shape": [-1, 64], "range": [0, 16]},
        "outputs": [
            {"name": "label", "datatype": "INT64", "shape": [-1]},
            {"name": "probabilities", "datatype": "FP32", "shape": [-1, 10]},
        ],
        "models": {
            name: {
                "description": description,
                "file": f"models/{name}.onnx",
                "sha256": hashlib.sha256(contents[name]).hexdigest(),
                "bytes": len(contents[name]),
                **measured[name],
            }
            for name, (description, _) in models.items()
        },
        "committee": {
            "description": "Mean of the members' probabilities; the largest one is the answer",
            "members": list(COMMITTEE),
            **measured["committee"],
        },
    }

    (HERE / "models").mkdir(exist_ok=True)
    for name, content in contents.items():
        (HERE / "models" / f"{name}.onnx").write_bytes(content)
    with open(HERE / "models.json", "w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(manifest, indent=2) + "\n")
    with open(HERE / "stream.ndjson", "w", encoding="utf-8", newline="\n") as file:
        for row, label in zip(held_pixels, held_labels):
            line = {"pixels": [int(pixel) for pixel in row], "label": int(label)}
            file.write(json.dumps(line, separators=(",", ":")) + "\n")

    print(f"{'model':<10} {'clean':>6} {'noisy':>6} {'over draws':>13} {'bytes':>8}")
    for name, m in measured.items():
        spread = f"{m['noisyDraws']['min']:.3f}-{m['noisyDraws']['max']:.3f}"
        size = len(contents[name]) if name in contents else "-"
        print(f"{name:<10} {m['clean']['accuracy']:>6.3f} {m['noisy']['accuracy']:>6.3f} {spread:>13} {size:>8}")
    print(f"all models: {total_bytes} bytes")
    if "--timing" in sys.argv[1:]:
        for name, session in sessions.items():
            print(f"{name:<10} {time_single_row(session, held_pixels):>7.1f} us a call")


if __name__ == "__main__":
    main()
