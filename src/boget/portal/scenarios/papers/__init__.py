"""Papers of a run: sheet as PDF, slide, workbook, GeoJSON, CSV, and the drawings that stand on them and on pages without script."""
