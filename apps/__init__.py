"""The app: widgets and words around rai's public functions. `rai app` starts it.

    main ─▶ shell ─▶ views (overview · dive · what-if · performance)
              │        └─ one file each: TITLE, NEEDS, SETTINGS, render(project)
              ├─ opening: what to open ─▶ project: rows, roles, models, remembered answers
              └─ settings: what a link and a saved session hold

No statistics live here. The folder is the package `apps` in a checkout and `rai._apps` in a wheel.
"""
