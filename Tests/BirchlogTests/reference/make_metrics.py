"""Prints the figures that EvaluationTests.swift holds Birchlog's against.

Needs scikit-learn and SciPy: python3 make_metrics.py
"""

import numpy as np
import sklearn.metrics as m
from scipy.optimize import linear_sum_assignment


def partitions(name, truth, found):
    """The measures of two partitions, as arrays of labels."""
    truth, found = np.asarray(truth), np.asarray(found)
    table = m.cluster.contingency_matrix(truth, found).astype(float)
    f1 = 2 * table / (table.sum(axis=1, keepdims=True) + table.sum(axis=0, keepdims=True))
    rows, columns = linear_sum_assignment(-f1)
    classes = np.unique(truth)
    # argmax takes the first of equals, which is the first by name.
    reading = dict(zip(np.unique(found), classes[table.argmax(axis=0)]))
    read = np.array([reading[label] for label in found])
    print(name)
    print("  adjusted Rand index", m.adjusted_rand_score(truth, found))
    print("  normalised mutual information", m.normalized_mutual_info_score(truth, found))
    print("  homogeneity, completeness, V", m.homogeneity_completeness_v_measure(truth, found))
    print("  purity", table.max(axis=0).sum() / table.sum())
    print("  macro F1 one to one", f1[rows, columns].sum() / len(classes))
    print("  macro F1 majority", m.f1_score(truth, read, average="macro", labels=classes, zero_division=0))


def report(name, truth, answers, weights=None):
    """The classification report."""
    options = {"sample_weight": weights, "zero_division": 0}
    print(name)
    print("  accuracy", m.accuracy_score(truth, answers, sample_weight=weights))
    print("  balanced accuracy", m.balanced_accuracy_score(truth, answers, sample_weight=weights))
    for average in (None, "macro", "weighted"):
        print(" ", average, m.precision_recall_fscore_support(truth, answers, average=average, **options))


truth = "a a a a a a b b b b c c c c c c c d".split()
found = "1 1 1 1 2 2 2 2 2 3 4 4 4 4 5 5 1 3".split()
answers = "a a a a b b b b b d c c c c c c a d".split()
partitions("small", truth, found)
report("small", truth, answers)

# Labels that both languages can compute: six classes, seven clusters, each unit for 1 to 3 units.
index = np.arange(500)
weights = 1 + index % 3
truth = [f"t{label}" for label in index * 7 % 11 // 2]
found = [f"f{label}" for label in (index * index % 13 + index * 7 % 11) // 4]
partitions("weighted", np.repeat(truth, weights), np.repeat(found, weights))
report("weighted", truth, [label.replace("f", "t") for label in found], weights)

labels = [0, 0, 1, 1, 0, 1, 0, 1]
scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.2, 0.9]
print("area under the curve", m.roc_auc_score(labels, scores))
labels = index * index % 7 < 3
scores = (index * 31 % 97 + 20 * labels) / 10
called = scores > 7
print("area under the curve, 500 units", m.roc_auc_score(labels, scores))
print("  precision, recall, F1", m.precision_recall_fscore_support(labels, called, average="binary"))
print("  confusion", m.confusion_matrix(labels, called).tolist())
