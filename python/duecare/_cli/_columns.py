"""Tables as columns: CSV, Parquet, Arrow. Batch by batch, without an object for each row."""

from typing import Any, BinaryIO

from duecare._frames import ArrowStreamExporter, need


def _flat(pyarrow: Any, batch: Any) -> Any:
    """CSV has no lists: their items stand in one field, with blanks between them."""
    compute = need("pyarrow.compute", "CSV")
    arrays = []
    for array in batch.columns:
        if pyarrow.types.is_list(array.type):
            array = compute.binary_join(array.cast(pyarrow.list_(pyarrow.string())), " ")
        elif pyarrow.types.is_dictionary(array.type):
            array = array.cast(pyarrow.string())
        elif pyarrow.types.is_timestamp(array.type):
            array = compute.strftime(array, format="%Y-%m-%dT%H:%M:%SZ")
        arrays.append(array)
    return pyarrow.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def write_columns(table: ArrowStreamExporter, form: str, stream: BinaryIO) -> None:
    """Writes a table; ``form`` is csv, parquet or arrow."""
    pyarrow = need("pyarrow", f"The format {form}")
    reader = pyarrow.RecordBatchReader.from_stream(table)
    if form == "csv":
        csv = need("pyarrow.csv", "CSV")
        empty = pyarrow.RecordBatch.from_pylist([], schema=reader.schema)
        schema = _flat(pyarrow, empty).schema
        with csv.CSVWriter(stream, schema) as writer:
            for batch in reader:
                writer.write_batch(_flat(pyarrow, batch))
        return
    if form == "parquet":
        writing = need("pyarrow.parquet", "Parquet").ParquetWriter(stream, reader.schema)
    else:
        writing = pyarrow.ipc.new_file(stream, reader.schema)
    with writing as writer:
        for batch in reader:
            writer.write_batch(batch)
