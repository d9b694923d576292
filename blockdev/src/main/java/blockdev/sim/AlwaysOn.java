package blockdev.sim;

/** Shares nothing, so threads may use it at once. */
final class AlwaysOn extends PowerSwitch {
  @Override
  public void resume(Runnable resumed) {
    resumed.run();
  }

  @Override
  public void release() {}
}
