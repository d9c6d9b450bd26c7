"""Trains two rankers of what people click in a fashion shop, and writes models/, seed.redis and expected.json.

    pip install numpy==2.4.6 scikit-learn==1.7.2 skl2onnx==1.20.0
    pip download --no-deps --no-binary :all: obp==0.5.5    # or unpack its archive by hand: only the data is needed
    python train.py obp-0.5.5/obp/dataset/obd

The data are 20,000 impressions of the Open Bandit Dataset (Saito et al., NeurIPS 2021; CC BY 4.0). What is printed at
the end goes into bandit.yaml.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction import FeatureHasher
from sklearn.linear_model import LogisticRegression
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

here = Path(__file__).resolve().parent
data = Path(sys.argv[1])
people = [f"user_feature_{n}" for n in range(4)]
goods = [f"item_feature_{n}" for n in range(1, 4)]


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


items = {row["item_id"]: row for row in read(data / "random/all/item_context.csv")}
shown = [row for policy in ("random", "bts") for row in read(data / policy / "all/all.csv")]


def short(row, names):
    """Hashed categories, as much of them as tells them apart."""
    return [row[name][:8] for name in names]


def to_rows(impressions):
    return [
        [float(items[each["item_id"]]["item_feature_0"]), each["position"]]
        + short(each, people)
        + short(items[each["item_id"]], goods)
        for each in impressions
    ]


def hashed(names, buckets):
    hasher = FeatureHasher(n_features=buckets, input_type="dict")
    return FunctionTransformer(
        lambda rows: hasher.transform([dict(zip(names, row)) for row in rows]).toarray()
    )


transformer = ColumnTransformer(
    [
        ("price", StandardScaler(), [0]),
        ("place", OneHotEncoder(handle_unknown="ignore"), [1]),
        ("person", hashed(people, 32), [2, 3, 4, 5]),
        ("item", hashed(goods, 32), [6, 7, 8]),
    ],
    sparse_threshold=0,
)
rows = np.array(to_rows(shown), dtype=object)
clicks = np.array([int(each["click"]) for each in shown])
x = transformer.fit_transform(rows).astype(np.float32)
later = np.arange(len(clicks)) % 5 == 4

models = {
    "logistic": LogisticRegression(C=0.1, max_iter=1000),
    "forest": RandomForestClassifier(60, max_depth=5, min_samples_leaf=50, random_state=1, n_jobs=1),
}
(here / "models").mkdir(exist_ok=True)
probabilities = {}
for name, model in models.items():
    model.fit(x[~later], clicks[~later])
    auc = roc_auc_score(clicks[later], model.predict_proba(x[later])[:, 1])
    print(f"{name}: AUC {auc:.3f} on {later.sum()} impressions kept back, {clicks[later].sum()} of them clicked")
    onnx = to_onnx(
        model,
        initial_types=[("features", FloatTensorType([None, x.shape[1]]))],
        options={id(model): {"zipmap": False}},
    )
    onnx.graph.name = name
    (here / f"models/{name}.onnx").write_bytes(onnx.SerializeToString())

# Six people, and the whole assortment, as a feature pipeline would put them into Redis.
known, seed = {}, []
for each in shown:
    features = tuple(short(each, people))
    if features not in known.values() and len(known) < 6:
        known[f"u{len(known) + 1}"] = features
for user, features in known.items():
    seed.append(f"HSET user:{user} " + " ".join(f"{n} {v}" for n, v in zip(people, features)))
for number, (item, row) in enumerate(items.items()):
    values = [("item_feature_0", row["item_feature_0"]), *zip(goods, short(row, goods)), ("age_days", str(number % 30))]
    seed.append(f"HSET item:{item} " + " ".join(f"{n} {v}" for n, v in values))
(here / "seed.redis").write_text("\n".join(seed) + "\n")

# What scikit-learn says of twelve candidates for the first person.
candidates = [str(n) for n in range(0, 72, 6)]
asked = [
    [float(items[item]["item_feature_0"]), "1", *known["u1"], *short(items[item], goods)] for item in candidates
]
made = transformer.transform(np.array(asked, dtype=object)).astype(np.float32)
expected = {
    "user_id": "u1",
    "item_id": candidates,
    "probabilities": {name: model.predict_proba(made)[:, 1].tolist() for name, model in models.items()},
}
(here / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")

scaler = transformer.named_transformers_["price"]
print(f"scale: {{ mean: {scaler.mean_[0]}, deviation: {scaler.scale_[0]} }}")
print("one_hot:", transformer.named_transformers_["place"].categories_[0].tolist())
