"""An invented life is lived and forgotten; what it met that is not as it ought to be is told."""


class Different(Exception):
    """The books say something else than the plain account."""


class Forget(Exception):
    pass


class Lived:
    """Mixin for test classes. `refusals`: errors of the models that count as a difference, too."""

    refusals = ()

    @staticmethod
    def equal(real, plain, what):
        if real != plain:
            raise Different(f"{what}: the books say {real}, it is {plain}")

    def forgotten(self, story):
        """Do something and take it back. The difference it met, or None."""
        try:
            with self.env.cr.savepoint():
                try:
                    story()
                finally:
                    self.env.flush_all()
                raise Forget
        except Forget:
            return None
        except Different as error:
            return str(error)
        except self.refusals as error:
            return f"refused: {error}"
        finally:
            self.env.invalidate_all()
