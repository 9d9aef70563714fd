"""Files of the list: one module a format, one contract (writers.Writer), one source of rows (sheet.Sheet)."""

from boget.portal.registry.exports import csv_file, geojson_file, gpkg_file, json_file, kml_file, xlsx_file
from boget.portal.registry.exports.sheet import Sheet
from boget.portal.registry.exports.writers import Writer, write_file

WRITERS: dict[str, Writer] = {
    "csv": csv_file.WRITER,
    "xlsx": xlsx_file.WRITER,
    "geojson": geojson_file.WRITER,
    "gpkg": gpkg_file.WRITER,
    "kml": kml_file.WRITER,
    "json": json_file.WRITER,
}

__all__ = ["WRITERS", "Sheet", "Writer", "write_file"]
