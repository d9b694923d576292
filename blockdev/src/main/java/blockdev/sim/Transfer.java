package blockdev.sim;

/** One command's way through a {@link MediaModel}; can be used again when it has come through. */
public abstract sealed class Transfer permits StationedTransfer, TimelessMedia.Now {
  Transfer() {}

  /**
   * Reads from the medium.
   *
   * @param bytes at least 1
   * @param encrypted whether it goes through the inline crypto engine
   */
  public abstract void read(long offsetBytes, int bytes, boolean encrypted);

  /**
   * Writes to the medium.
   *
   * @param throughBuffer whether that ends only when it is programmed
   */
  public abstract void write(long offsetBytes, int bytes, boolean encrypted, boolean throughBuffer);

  /** Waits until all that is in the write buffer now is programmed. */
  public abstract void flush();

  /** Comes through at once: the command moves no data, or is refused. */
  public abstract void pass();
}
