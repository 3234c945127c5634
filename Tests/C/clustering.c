/* The clustering engine from C: the calls in the order in which a program makes them, and what they refuse. */
#include <birchlog.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define POINTS 300

/* Three groups of points around (0, 0), (10, 0) and (0, 10). */
static void make_points(float *points) {
  uint32_t state = 1;
  for (int i = 0; i < POINTS; i += 1) {
    for (int column = 0; column < 2; column += 1) {
      state = state * 1664525u + 1013904223u;
      points[2 * i + column] = (float)(state >> 8) / 16777216.0f;
    }
    points[2 * i] += i % 3 == 1 ? 10 : 0;
    points[2 * i + 1] += i % 3 == 2 ? 10 : 0;
  }
}

/* Each point's nearest neighbour in the plane is of its own group. */
static int embed(const float *points) {
  double places[2 * POINTS];
  CHECK(birchlog_embed(points, POINTS, 2, places) == BIRCHLOG_OK);
  for (int i = 0; i < POINTS; i += 1) {
    int nearest = -1;
    double least = INFINITY;
    for (int j = 0; j < POINTS; j += 1) {
      double x = places[2 * i] - places[2 * j], y = places[2 * i + 1] - places[2 * j + 1];
      if (j != i && x * x + y * y < least) least = x * x + y * y, nearest = j;
    }
    CHECK(nearest % 3 == i % 3);
  }
  CHECK(birchlog_embed(NULL, 0, 2, NULL) == BIRCHLOG_OK);
  CHECK(birchlog_embed(NULL, 1, 2, places) == BIRCHLOG_ERROR_ARGUMENT);
  CHECK(birchlog_embed(points, 5000, 2, places) == BIRCHLOG_ERROR_LIMIT);
  CHECK(birchlog_embed(points, 1, 0, places) == BIRCHLOG_ERROR_LIMIT);
  const float bad[2] = {0, NAN};
  CHECK(birchlog_embed(bad, 1, 2, places) == BIRCHLOG_ERROR_INPUT);
  return 0;
}

static int use(const float *points) {
  birchlog_clusterer *clusterer = NULL, *shard = NULL, *restored = NULL;
  CHECK(birchlog_clusterer_create("{\"threshold\": 0.5}", 2, &clusterer) == BIRCHLOG_OK);
  CHECK(birchlog_clusterer_create(NULL, 2, &shard) == BIRCHLOG_OK);
  CHECK(birchlog_clusterer_insert_float(clusterer, points, POINTS / 2, NULL) == BIRCHLOG_OK);
  CHECK(birchlog_clusterer_insert_float(shard, points + POINTS, POINTS / 2, NULL) == BIRCHLOG_OK);
  CHECK(birchlog_clusterer_merge(clusterer, shard) == BIRCHLOG_OK);
  CHECK(birchlog_clusterer_finish(clusterer) == BIRCHLOG_OK);

  size_t count = 0;
  double weights[POINTS], deviations[POINTS], means[2 * POINTS], sum = 0;
  CHECK(birchlog_clusterer_features(clusterer, NULL, NULL, NULL, 0, &count) == BIRCHLOG_OK);
  CHECK(count >= 3 && count <= POINTS);
  CHECK(birchlog_clusterer_features(clusterer, weights, deviations, means, POINTS, &count) == BIRCHLOG_OK);
  for (size_t i = 0; i < count; i += 1) sum += weights[i];
  CHECK(fabs(sum - POINTS) < 1e-9);

  birchlog_text *bytes = NULL, *again = NULL, *json = NULL;
  CHECK(birchlog_clusterer_serialise(clusterer, &bytes) == BIRCHLOG_OK);
  CHECK(birchlog_clusterer_restore((const uint8_t *)birchlog_text_data(bytes), birchlog_text_length(bytes), &restored) ==
        BIRCHLOG_OK);
  CHECK(birchlog_clusterer_serialise(restored, &again) == BIRCHLOG_OK);
  CHECK(birchlog_text_length(bytes) == birchlog_text_length(again));
  CHECK(memcmp(birchlog_text_data(bytes), birchlog_text_data(again), birchlog_text_length(bytes)) == 0);
  CHECK(birchlog_clusterer_statistics(restored, &json) == BIRCHLOG_OK);
  CHECK(strstr(birchlog_text_data(json), "\"points\":300") != NULL);
  birchlog_text_free(json);
  birchlog_text_free(bytes);
  birchlog_text_free(again);

  birchlog_clusters *clusters = NULL, *refit = NULL;
  CHECK(birchlog_clusterer_cluster(restored, "{\"clusters\": 3}", NULL, &clusters) == BIRCHLOG_OK);
  CHECK(birchlog_clusters_count(clusters) == 3);
  int32_t ids[POINTS], same[POINTS];
  double distances[POINTS];
  CHECK(birchlog_clusters_predict_float(clusters, points, POINTS, NULL, ids, distances) == BIRCHLOG_OK);
  for (int i = 3; i < POINTS; i += 1) {
    CHECK(ids[i] == ids[i % 3]);
    CHECK(distances[i] < 2);
  }
  CHECK(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
  const double far[2] = {500, 500};
  CHECK(birchlog_clusters_predict_double(clusters, far, 1, "{\"limit\": \"auto\"}", same, NULL) == BIRCHLOG_OK);
  CHECK(same[0] == -1);
  CHECK(birchlog_clusterer_cluster(restored, "{\"clusters\": 3}", clusters, &refit) == BIRCHLOG_OK);
  CHECK(birchlog_clusters_predict_float(refit, points, POINTS, NULL, same, NULL) == BIRCHLOG_OK);
  CHECK(memcmp(ids, same, sizeof ids) == 0);
  CHECK(birchlog_clusters_features(refit, same, weights, NULL, NULL, POINTS, &count) == BIRCHLOG_OK);
  CHECK(count == 3 && weights[0] == 100);
  CHECK(birchlog_clusters_describe(refit, &json) == BIRCHLOG_OK);
  CHECK(strstr(birchlog_text_data(json), "\"kept\":[") != NULL);
  birchlog_text_free(json);
  birchlog_clusters_free(refit);
  birchlog_clusters_free(clusters);
  birchlog_clusterer_free(restored);
  birchlog_clusterer_free(shard);
  birchlog_clusterer_free(clusterer);
  return 0;
}

static int misuse(const float *points) {
  birchlog_clusterer *clusterer = NULL, *other = NULL;
  birchlog_clusters *clusters = NULL;
  CHECK(birchlog_clusterer_create(NULL, 0, &clusterer) == BIRCHLOG_ERROR_LIMIT);
  CHECK(birchlog_clusterer_create(NULL, SIZE_MAX, &clusterer) == BIRCHLOG_ERROR_LIMIT);
  CHECK(birchlog_clusterer_create("{\"memory\": 100}", 2, &clusterer) == BIRCHLOG_ERROR_OPTION);
  CHECK(strstr(birchlog_last_error(), "at least") != NULL);
  CHECK(birchlog_clusterer_create("{\"treshold\": 1}", 2, &clusterer) == BIRCHLOG_ERROR_OPTION);
  CHECK(birchlog_clusterer_create("[", 2, &clusterer) == BIRCHLOG_ERROR_OPTION);
  CHECK(birchlog_clusterer_create(NULL, 2, NULL) == BIRCHLOG_ERROR_ARGUMENT);
  CHECK(clusterer == NULL);
  CHECK(birchlog_clusterer_create(NULL, 2, &clusterer) == BIRCHLOG_OK);
  CHECK(birchlog_clusterer_create(NULL, 3, &other) == BIRCHLOG_OK);
  CHECK(birchlog_clusterer_insert_float(NULL, points, 1, NULL) == BIRCHLOG_ERROR_ARGUMENT);
  CHECK(birchlog_clusterer_insert_float(clusterer, NULL, 1, NULL) == BIRCHLOG_ERROR_ARGUMENT);
  CHECK(birchlog_clusterer_insert_float(clusterer, NULL, 0, NULL) == BIRCHLOG_OK);
  CHECK(birchlog_clusterer_insert_float(clusterer, points, SIZE_MAX / 2, NULL) == BIRCHLOG_ERROR_LIMIT);
  const double bad[4] = {0, 1, NAN, 2}, zero = 0;
  CHECK(birchlog_clusterer_insert_double(clusterer, bad, 2, NULL) == BIRCHLOG_ERROR_INPUT);
  CHECK(birchlog_clusterer_insert_double(clusterer, bad, 1, &zero) == BIRCHLOG_ERROR_INPUT);
  CHECK(birchlog_clusterer_insert_features(clusterer, bad, &zero, bad, 1) == BIRCHLOG_ERROR_INPUT);
  CHECK(birchlog_clusterer_merge(clusterer, other) == BIRCHLOG_ERROR_ARGUMENT);
  CHECK(birchlog_clusterer_age(clusterer, NAN) == BIRCHLOG_ERROR_OPTION);
  CHECK(birchlog_clusterer_cluster(clusterer, "{\"clusters\": -1}", NULL, &clusters) == BIRCHLOG_ERROR_OPTION);
  CHECK(birchlog_clusterer_cluster(clusterer, "{\"entry_weights\": \"two\"}", NULL, &clusters) == BIRCHLOG_ERROR_OPTION);
  CHECK(birchlog_clusterer_restore((const uint8_t *)"no tree", 7, &other) == BIRCHLOG_ERROR_MODEL);
  CHECK(birchlog_clusters_restore((const uint8_t *)"", 0, &clusters) == BIRCHLOG_ERROR_MODEL);
  CHECK(clusters == NULL);
  CHECK(birchlog_clusterer_cluster(clusterer, NULL, NULL, &clusters) == BIRCHLOG_OK);
  int32_t id = 7;
  CHECK(birchlog_clusters_count(clusters) == 0);
  CHECK(birchlog_clusters_predict_float(clusters, points, 1, NULL, &id, NULL) == BIRCHLOG_OK);
  CHECK(id == -1);
  CHECK(birchlog_clusters_predict_float(clusters, points, 1, "{\"limit\": -1}", &id, NULL) == BIRCHLOG_ERROR_OPTION);
  birchlog_clusters_free(clusters);
  birchlog_clusters_free(NULL);
  birchlog_clusterer_free(clusterer);
  birchlog_clusterer_free(other);
  birchlog_clusterer_free(NULL);
  return 0;
}

int main(void) {
  float points[2 * POINTS];
  make_points(points);
  return embed(points) || use(points) || misuse(points);
}
