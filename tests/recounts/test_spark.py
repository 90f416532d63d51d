"""RFM by the same expression on an engine for what one machine is too small for: equal to what DuckDB says."""

import gzip
import shutil
from importlib import import_module

import ibis
import pytest

from tests.recounts import retail, rfm_ibis

pytestmark = pytest.mark.spark


def scored(lines: ibis.Table) -> set[tuple]:
    rows = rfm_ibis.scores(rfm_ibis.documents(lines)).to_pyarrow().to_pylist()
    return {tuple(row.values()) for row in rows}


def test_spark_scores_the_retail_file_as_duckdb_does(data_folder, tmp_path):
    sql = import_module("pyspark.sql")
    path = tmp_path / "retail.csv"
    with gzip.open(data_folder / retail.FILE) as packed, path.open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    session = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", False).getOrCreate()
    try:
        spark = ibis.pyspark.connect(session).read_csv(str(path), header=True, inferSchema=False, escape='"')
        found = scored(spark)
    finally:
        session.stop()
    assert len(found) == 4_339
    assert found == scored(ibis.duckdb.connect().read_csv(str(path), all_varchar=True))
