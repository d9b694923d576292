package blockdev.sim;

/**
 * The power of a device that is suspended when nobody has needed it for a while, and that takes a
 * while to come back. Where time does not pass, nothing is ever idle, and it stays on.
 */
public abstract sealed class PowerSwitch permits IdleSuspend, AlwaysOn {
  PowerSwitch() {}

  /**
   * Turns the device on, if it is off, and keeps it so until {@link #release}.
   *
   * @param resumed run when it is on: before this returns if it was
   */
  public abstract void resume(Runnable resumed);

  /** Takes back one {@link #resume}. */
  public abstract void release();
}
