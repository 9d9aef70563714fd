"""Pages over all apps: home, dashboard, progress reports."""
