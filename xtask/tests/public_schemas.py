#!/usr/bin/env python3
"""Makes the tables of a public project in an empty database, by the project's own code.

    python public_schemas.py PROJECT URL      with the Python of an environment that has the project

PROJECT is one of the functions below; the URL is one that `migrate` takes: sqlite:PATH, mysql://…, postgres://…
"""

import sys
from urllib.parse import unquote, urlsplit


def django_oscar(url):
    import pymysql

    # Django asks for a version of mysqlclient, in whose place PyMySQL stands.
    pymysql.version_info = (2, 2, 1, "final", 0)
    pymysql.install_as_MySQLdb()
    import django
    import oscar.defaults
    from django.conf import settings
    from django.core.management import call_command

    backend = {"sqlite": "sqlite3", "mysql": "mysql", "postgres": "postgresql"}[url.scheme]
    database = {"ENGINE": f"django.db.backends.{backend}", "NAME": url.path}
    if url.netloc:
        database |= {"NAME": url.path[1:], "HOST": url.hostname, "PORT": url.port,
                     "USER": unquote(url.username or ""), "PASSWORD": unquote(url.password or "")}
    contrib = ["admin", "auth", "contenttypes", "sessions", "messages", "sites", "flatpages", "redirects"]
    apps = ["address", "analytics", "basket", "catalogue", "catalogue.reviews", "checkout", "communication",
            "customer", "offer", "order", "partner", "payment", "search", "shipping", "voucher", "wishlists",
            "dashboard"]
    dashboards = ["catalogue", "communications", "offers", "orders", "pages", "partners", "ranges", "reports",
                  "reviews", "shipping", "users", "vouchers"]

    def config(app, kind=""):
        return f"apps.{''.join(part.title() for part in app.split('.'))}{kind}Config"

    settings.configure(
        **{name: getattr(oscar.defaults, name) for name in dir(oscar.defaults) if name.isupper()},
        DATABASES={"default": database},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        HAYSTACK_CONNECTIONS={"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
        INSTALLED_APPS=[f"django.contrib.{app}" for app in contrib] + ["oscar.config.Shop"]
        + [f"oscar.apps.{app}.{config(app)}" for app in apps]
        + [f"oscar.apps.dashboard.{app}.{config(app, 'Dashboard')}" for app in dashboards]
        + ["widget_tweaks", "haystack", "treebeard", "django_tables2"],
        SECRET_KEY="none",
        SITE_ID=1,
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", verbosity=0)


def neutron(url):
    from neutron.db.migration.models import head

    create_all(head.get_metadata(), url)


def galaxy_data(url):
    from galaxy.model import mapper_registry

    create_all(mapper_registry.metadata, url)


def create_all(metadata, url):
    import sqlalchemy

    scheme = {"sqlite": "sqlite:///", "mysql": "mysql+pymysql:", "postgres": "postgresql+psycopg2:"}[url.scheme]
    metadata.create_all(sqlalchemy.create_engine(scheme + url.geturl().partition(":")[2]))


PROJECTS = {"django-oscar": django_oscar, "neutron": neutron, "galaxy-data": galaxy_data}

if __name__ == "__main__":
    PROJECTS[sys.argv[1]](urlsplit(sys.argv[2]))
