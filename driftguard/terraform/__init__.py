"""The one place that runs terraform or tofu, by python-terraform made safe.

``runner.py`` says what may be run and with which environment, ``process.py``
how a process is started and ended, ``failures.py`` what its failures mean.
python-terraform is used nowhere else.
"""
