"""The storm: real processes, real servers, killed, stopped and wiped while thousands are contacted.

Who was contacted is read from the logs of the stand-in providers, which write before they answer;
the product is never asked whether it sent. `python -m tests.storm` runs it, docs/storm.md explains.
"""
