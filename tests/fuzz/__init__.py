"""Looks for inputs that break an inspection: ``python -m tests.fuzz``.

Nothing that a user pastes may raise, take long or bring a key out again. The tests hold that for a
few hundred inputs that were drawn by chance; these commands look for further ones, for as long as
they are given:

- ``python -m tests.fuzz mutated`` harms files of the corpus, from a seed;
- ``python -m tests.fuzz covered`` lets atheris draw inputs that reach further code. Atheris is in
  the extra ``fuzz`` (``pip install -e '.[test,fuzz]'``; not on Windows);
- ``python -m tests.fuzz again FILE …`` inspects inputs that were found.
"""
