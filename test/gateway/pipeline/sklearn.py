"""Writes sklearn.json: pipelines of scikit-learn, what they make of some rows, and the same pipelines as our settings.

    pip install numpy==2.4.6 scikit-learn==1.7.2
    python sklearn.py > sklearn.json

Every setting comes from a fitted estimator, so that what is compared is what somebody would export.
"""

import json
import sys

# The folder of this file holds no module of anybody's: this file has the name of one.
sys.path.pop(0)

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction import FeatureHasher
from sklearn.impute import SimpleImputer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    StandardScaler,
)

rng = np.random.default_rng(7)
countries = ["DE", "AT", "CH", "Österreich", ""]
devices = ["phone", "desk", "tv"]


def table(rows, extra=()):
    age = np.where(rng.random(rows) < 0.2, np.nan, rng.integers(16, 90, rows).astype(float))
    income = np.where(rng.random(rows) < 0.1, np.nan, rng.lognormal(10, 1, rows))
    return {
        "age": age,
        "income": income,
        "visits": rng.poisson(3, rows).astype(float),
        "hour": rng.integers(0, 24, rows).astype(float),
        "country": rng.choice(countries + list(extra), rows).astype(object),
        "device": rng.choice(devices + list(extra), rows).astype(object),
    }


def columns(data, names):
    return np.column_stack([np.asarray(data[name], dtype=object) for name in names])


fit_on, asked = table(500), table(40)
unseen = table(40, extra=["never seen"])


def case(name, steps, names, transformer, rows=asked, dense=True, numeric=True):
    kind = float if numeric else object
    transformer.fit(columns(fit_on, names).astype(kind))
    made = transformer.transform(columns(rows, names).astype(kind))
    made = made.toarray() if hasattr(made, "toarray") else np.asarray(made)
    return {
        "name": name,
        "columns": names,
        "steps": steps(transformer),
        "rows": {each: [None if value != value else value for value in rows[each].tolist()] for each in names},
        "expected": np.asarray(made, dtype=float).tolist(),
    }


def impute_and_scale(pipeline):
    imputer, scaler = pipeline[0], pipeline[-1]
    return [
        {"impute": imputer.statistics_.tolist()},
        {"scale": {"mean": scaler.mean_.tolist(), "deviation": scaler.scale_.tolist()}},
    ]


def lists(encoder):
    return [each.tolist() for each in encoder.categories_]


class Hashed(FeatureHasher):
    """FeatureHasher over columns instead of dictionaries."""

    def fit(self, rows):
        return self

    def transform(self, rows):
        return super().transform([dict(zip(["country", "device", "visits"], row)) for row in rows])


def hashed(names, buckets, signed):
    hasher = Hashed(n_features=buckets, input_type="dict", alternate_sign=signed)
    return case(
        f"hash to {buckets}, {'signed' if signed else 'unsigned'}",
        lambda _: [{"hash": {"buckets": buckets, "signed": signed}}],
        names,
        hasher,
        numeric=False,
    )


log_then_scale = make_pipeline(
    SimpleImputer(strategy="median"), FunctionTransformer(np.log1p), StandardScaler()
)

cases = [
    case("impute the mean, scale", impute_and_scale, ["age", "income"], make_pipeline(SimpleImputer(), StandardScaler())),
    case(
        "impute the median with an indicator",
        lambda t: [{"impute": {"value": t.statistics_.tolist(), "indicator": True}}],
        ["age", "income"],
        SimpleImputer(strategy="median", add_indicator=True),
    ),
    case(
        "log, then scale",
        lambda t: [{"impute": t[0].statistics_.tolist()}, {"log": "log1p"}, impute_and_scale(t)[1]],
        ["income"],
        log_then_scale,
    ),
    case(
        "clip, then to 0 to 1",
        lambda t: [
            {"clip": [2, 20]},
            {"scale": {"min": t[1].data_min_.tolist(), "max": t[1].data_max_.tolist()}},
        ],
        ["visits", "hour"],
        make_pipeline(FunctionTransformer(np.clip, kw_args={"a_min": 2, "a_max": 20}), MinMaxScaler()),
    ),
    case(
        "buckets by quantile",
        lambda t: [{"bucketise": t.bin_edges_[0][1:-1].tolist()}],
        ["hour"],
        KBinsDiscretizer(6, encode="ordinal", strategy="quantile", quantile_method="averaged_inverted_cdf"),
    ),
    case(
        "buckets as columns",
        lambda t: [{"bucketise": {"edges": t.bin_edges_[0][1:-1].tolist(), "encode": "one_hot"}}],
        ["visits"],
        KBinsDiscretizer(4, encode="onehot-dense", strategy="uniform"),
    ),
    case("one-hot", lambda t: [{"one_hot": lists(t)}], ["country", "device"], OneHotEncoder(), numeric=False),
    case(
        "one-hot without the first, of categories never seen",
        lambda t: [{"one_hot": {"categories": lists(t), "unknown": "zeros", "drop": "first"}}],
        ["country", "device"],
        OneHotEncoder(drop="first", handle_unknown="ignore"),
        rows=unseen,
        numeric=False,
    ),
    case(
        "ordinal, of categories never seen",
        lambda t: [{"ordinal": {"categories": lists(t), "unknown": -1}}],
        ["country", "device"],
        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
        rows=unseen,
        numeric=False,
    ),
    hashed(["country", "device", "visits"], 16, True),
    hashed(["country", "device", "visits"], 7, False),
]

numbers, words = ["age", "visits"], ["country"]
both = ColumnTransformer(
    [("numbers", make_pipeline(SimpleImputer(), StandardScaler()), [0, 1]), ("words", OneHotEncoder(), [2])],
    sparse_threshold=0,
).fit(columns(fit_on, numbers + words))
whole = {
    "blocks": [
        {"columns": numbers, "steps": impute_and_scale(both.named_transformers_["numbers"])},
        {"columns": words, "steps": [{"one_hot": lists(both.named_transformers_["words"])}]},
    ],
    "rows": {each: [None if v != v else v for v in asked[each].tolist()] for each in numbers + words},
    "expected": both.transform(columns(asked, numbers + words)).astype(float).tolist(),
}

# Calibration of a classifier's scores, binary and with three classes.
inputs = rng.normal(size=(400, 3))
truth = (inputs[:, 0] + rng.normal(size=400) > 0.3).astype(int)
classes = np.digitize(inputs[:, 1] + 0.5 * rng.normal(size=400), [-0.5, 0.6])


def calibrated(method, labels):
    model = LogisticRegression().fit(inputs, labels)
    from sklearn.frozen import FrozenEstimator

    fitted = CalibratedClassifierCV(FrozenEstimator(model), method=method).fit(inputs, labels)
    asked_of = inputs[:25] * 1.7
    # Of classifiers with a decision function that is what is calibrated.
    scores = model.decision_function(asked_of)
    calibrators = fitted.calibrated_classifiers_[0].calibrators
    def setting(each):
        if method == "sigmoid":
            return {"platt": {"a": float(each.a_), "b": float(each.b_)}}
        return {"isotonic": {"x": each.X_thresholds_.tolist(), "y": each.y_thresholds_.tolist()}}
    return {
        "name": f"{method}, {len(set(labels.tolist()))} classes",
        "calibrators": [setting(each) for each in calibrators],
        "scores": scores.tolist(),
        "expected": fitted.predict_proba(asked_of).tolist(),
    }


calibrations = [calibrated(method, labels) for labels in (truth, classes) for method in ("sigmoid", "isotonic")]

json.dump({"cases": cases, "whole": whole, "calibrations": calibrations}, sys.stdout, ensure_ascii=False)
sys.stdout.write("\n")
