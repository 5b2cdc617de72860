"""What makes the addons' tests quick. Nothing here changes what they see."""

from contextlib import ExitStack
from unittest.mock import patch

ODOO = "odoo"  # the name of pytest's plugin for Odoo


def pytest_ignore_collect(collection_path, config):
    """The plugin reads an addon's manifest again for each file beside each file it was asked for: it need not.

    False: the file is collected and nobody else is asked; None: ask the others.
    """
    if config.pluginmanager.hasplugin(ODOO) and collection_path.suffix == ".py":
        return False
    return None


def pytest_collection_finish(session):
    if session.config.pluginmanager.hasplugin(ODOO):
        keep_caches()


def keep_caches():
    """After a test, drop only the registry caches which it or its class has touched.

    Odoo's tests drop all of them after each test: then every page compiles its templates, collects its assets and
    lays out its routes again. These say themselves when they go out of date, as in a running server, where the same
    rule holds after a rollback. The cache "default" knows single records and goes after each test as before.
    """
    from odoo.orm.registry import Registry  # noqa: PLC0415 - only tests of the addons have Odoo
    from odoo.tests.common import TransactionCase  # noqa: PLC0415

    names = {"assets", "default", "groups", "routing", "stable", "templates"}
    by_test, by_class = set(), set()
    clear, clear_all = Registry.clear_cache, Registry.clear_all_caches
    set_up, set_up_class = TransactionCase.setUp, TransactionCase.setUpClass.__func__

    def clear_cache(registry, *cache_names):
        by_test.update(cache_names or ("default",))
        clear(registry, *cache_names)

    def clear_all_caches(registry):
        by_test.update(names)
        clear_all(registry)

    def after_test(registry):
        clear(registry, "default", *by_test)
        by_test.clear()

    def after_class(registry):
        clear(registry, "default", *by_test, *by_class)
        by_test.clear()
        by_class.clear()

    def setUp(case):
        case.env.flush_all()
        by_class.update(by_test)
        by_test.clear()
        with patch.object(Registry, "clear_all_caches", after_test):
            set_up(case)

    def setUpClass(cls):
        set_up_class(cls)
        index, (reset, args, kwargs) = next(
            (index, cleanup)
            for index, cleanup in enumerate(cls._class_cleanups)
            if getattr(cleanup[0], "__name__", "") == "reset_changes"
        )

        def reset_changes():
            registry = cls.registry
            with ExitStack() as stack:
                if not registry.registry_invalidated and registry.registry_sequence == cls.registry_start_sequence:
                    stack.enter_context(patch.object(Registry, "clear_all_caches", after_class))
                reset(*args, **kwargs)

        cls._class_cleanups[index] = (reset_changes, (), {})

    Registry.clear_cache, Registry.clear_all_caches = clear_cache, clear_all_caches
    TransactionCase.setUp, TransactionCase.setUpClass = setUp, classmethod(setUpClass)
