"""The clustering engine through the binding."""

import pickle
import unittest

try:
    import numpy
except ImportError:  # The engine takes numpy arrays.
    numpy = None

import birchlog


def corners(count=8, each=60, dimension=6, seed=1, dtype="float64"):
    """Groups around corners 10 apart, shuffled, with their numbers."""
    random = numpy.random.default_rng(seed)
    truth = numpy.repeat(numpy.arange(count), each)
    points = random.normal(0, 0.3, (count * each, dimension))
    points[numpy.arange(len(points)), truth % dimension] += numpy.where(truth < dimension, 10, -10)
    order = random.permutation(len(points))
    return points[order].astype(dtype), truth[order]


def same_partition(left, right):
    pairs = set(zip(left.tolist(), right.tolist()))
    return len(pairs) == len(set(left.tolist())) == len(set(right.tolist()))


@unittest.skipIf(numpy is None, "numpy is not installed")
class ClusteringTest(unittest.TestCase):
    def test_groups_are_found_in_either_precision(self):
        for dtype in ("float32", "float64"):
            points, truth = corners(dtype=dtype)
            clusters = birchlog.Clusterer(6, threshold=0.5).insert(points).cluster()
            ids, distances = clusters.predict(points)
            self.assertTrue(same_partition(ids, truth))
            self.assertLess(distances.max(), 3)
            self.assertEqual(len(clusters), 8)
            fast, _ = clusters.predict(points, search="descent")
            self.assertTrue((fast == ids).all())

    def test_features_add_up_to_the_points(self):
        points, _ = corners()
        clusterer = birchlog.Clusterer(6, memory=100_000).insert(points, weights=numpy.full(len(points), 2.0)).finish()
        features = clusterer.features()
        self.assertAlmostEqual(features["weight"].sum(), 2 * len(points))
        mean = (features["weight"][:, None] * features["mean"]).sum(0) / features["weight"].sum()
        numpy.testing.assert_allclose(mean, points.mean(0), atol=1e-9)
        squares = (features["deviations"] + features["weight"] * (features["mean"] ** 2).sum(1)).sum()
        self.assertAlmostEqual(squares, 2 * (points**2).sum(), delta=1e-6 * squares)
        again = birchlog.Clusterer(6).insert_features(features).finish()
        self.assertAlmostEqual(again.statistics()["weight"], 2 * len(points))

    def test_shards_merge_and_bytes_restore(self):
        points, truth = corners()
        shards = [birchlog.Clusterer(6, threshold=0.5).insert(part) for part in numpy.array_split(points, 4)]
        merged = birchlog.Clusterer.from_bytes(shards[0].to_bytes())
        for shard in shards[1:]:
            merged.merge(shard)
        self.assertEqual(merged.statistics()["points"], len(points))
        clusters = merged.cluster()
        ids, distances = clusters.predict(points)
        self.assertTrue(same_partition(ids, truth))
        restored = birchlog.Clusters.from_bytes(clusters.to_bytes())
        self.assertEqual(restored.describe(), clusters.describe())
        numpy.testing.assert_array_equal(restored.predict(points)[0], ids)
        numpy.testing.assert_array_equal(restored.predict(points)[1], distances)

    def test_trees_and_clusters_can_be_pickled(self):
        points, _ = corners()
        clusterer = birchlog.Clusterer(6, threshold=0).insert(points)
        again = pickle.loads(pickle.dumps(clusterer))
        self.assertEqual(again.to_bytes(), clusterer.to_bytes())
        # Thousands of leaves: nothing follows them from one to the next by recursion.
        chain = birchlog.Clusterer(1, threshold=0, branching=2, leaf_capacity=2).insert(numpy.arange(5000.0)[:, None])
        self.assertGreater(chain.statistics()["nodes"], 5000)
        self.assertEqual(pickle.loads(pickle.dumps(chain)).to_bytes(), chain.to_bytes())
        clusters = clusterer.cluster()
        self.assertEqual(pickle.loads(pickle.dumps(clusters)).describe(), clusters.describe())

    def test_a_tree_merged_into_itself_counts_twice(self):
        points, _ = corners()
        clusterer = birchlog.Clusterer(6).insert(points)
        self.assertEqual(clusterer.merge(clusterer).statistics()["weight"], 2 * len(points))

    def test_ids_survive_a_refit(self):
        points, truth = corners()
        first = birchlog.Clusterer(6, threshold=0.5).insert(points).cluster()
        fewer = points[truth != truth[0]]
        second = birchlog.Clusterer(6, threshold=0.5).insert(fewer).cluster(previous=first)
        numpy.testing.assert_array_equal(first.predict(fewer)[0], second.predict(fewer)[0])
        gone = first.predict(points[:1])[0].tolist()
        self.assertEqual(second.describe()["lineage"]["retired"], gone)

    def test_a_point_near_no_cluster_has_none(self):
        points, _ = corners()
        clusters = birchlog.Clusterer(6).insert(points).cluster(clusters=8)
        far = numpy.full((1, 6), 50.0)
        self.assertEqual(clusters.predict(far, limit="auto")[0].tolist(), [-1])
        self.assertEqual(clusters.predict(far, limit=1.0)[0].tolist(), [-1])
        self.assertNotEqual(clusters.predict(far)[0].tolist(), [-1])
        self.assertGreater(clusters.predict(far)[1][0], 50)

    def test_no_points_and_more_clusters_than_points_are_defined(self):
        empty = birchlog.Clusterer(2).cluster()
        self.assertEqual(len(empty), 0)
        self.assertEqual(empty.predict([[1, 2]])[0].tolist(), [-1])
        few = birchlog.Clusterer(2).insert([[0, 0], [9, 9]]).cluster(clusters=50)
        self.assertEqual(len(few), 2)
        same = birchlog.Clusterer(2, threshold=0).insert(numpy.ones((100, 2))).cluster()
        self.assertEqual(same.features()["weight"].tolist(), [100.0])

    def test_unfit_input_is_refused_and_changes_nothing(self):
        clusterer = birchlog.Clusterer(3).insert(numpy.ones((5, 3)))
        before = clusterer.to_bytes()
        for dtype in ("float32", "float64"):
            for bad in (float("nan"), float("inf")):
                points = numpy.zeros((4, 3), dtype)
                points[2, 1] = bad
                with self.assertRaises(birchlog.InputError):
                    clusterer.insert(points)
        with self.assertRaises(birchlog.ArgumentError):
            clusterer.insert(numpy.zeros((4, 2)))
        with self.assertRaises(birchlog.InputError):
            clusterer.insert(numpy.zeros((1, 3)), weights=[0.0])
        with self.assertRaises(birchlog.ArgumentError):
            clusterer.merge(birchlog.Clusterer(4))
        with self.assertRaises(birchlog.OptionError):
            clusterer.age(2)
        self.assertEqual(clusterer.to_bytes(), before)
        for options in ({"memory": 10}, {"threshold": -1}, {"nonsense": 1}, {"distance": "d9"}, {"half_life": 0}):
            with self.assertRaises(birchlog.OptionError, msg=str(options)):
                birchlog.Clusterer(3, **options)
        with self.assertRaises(birchlog.LimitError):
            birchlog.Clusterer(0)
        with self.assertRaises(birchlog.OptionError):
            clusterer.cluster(clusters=0)
        for data in (b"", before[:-1], b"x" * 200):
            with self.assertRaises(birchlog.ModelError):
                birchlog.Clusterer.from_bytes(data)
            with self.assertRaises(birchlog.ModelError):
                birchlog.Clusters.from_bytes(data)


if __name__ == "__main__":
    unittest.main()
