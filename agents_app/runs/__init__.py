"""Runs, their steps and the raw model requests behind them, and jobs."""
