"""Papers of a run: sheet, slide, workbook, GeoJSON, CSV, and the drawings on them and on pages without a script."""
