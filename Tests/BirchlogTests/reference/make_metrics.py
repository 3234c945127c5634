"""Prints the agreement measures that EvaluationTests.swift holds Birchlog's against. Needs scikit-learn."""

import sklearn.metrics as m

truth = "a a a a a a b b b b c c c c c c c d".split()
found = "1 1 1 1 2 2 2 2 2 3 4 4 4 4 5 5 1 3".split()
print("ari", m.adjusted_rand_score(truth, found))
print("nmi", m.normalized_mutual_info_score(truth, found))
print("homogeneity, completeness, v", m.homogeneity_completeness_v_measure(truth, found))
answers = "a a a a b b b b b d c c c c c c a d".split()
print("accuracy", m.accuracy_score(truth, answers), "balanced", m.balanced_accuracy_score(truth, answers))
print("macro f1", m.f1_score(truth, answers, average="macro"))
print("weighted", m.precision_recall_fscore_support(truth, answers, average="weighted"))
labels = [0, 0, 1, 1, 0, 1, 0, 1]
scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.2, 0.9]
print("auc", m.roc_auc_score(labels, scores))
