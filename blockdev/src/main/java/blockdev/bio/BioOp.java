package blockdev.bio;

/** What a bio does ({@code enum req_op}). */
public enum BioOp {
  READ,
  WRITE,
  /** Makes all writes that have ended durable. Has neither data nor a range. */
  FLUSH,
  /** Tells the device that the range is not needed any more. */
  DISCARD,
  /** Makes the range read as zeroes. */
  WRITE_ZEROES,
  /** Discards the range, and every copy of what was there. */
  SECURE_ERASE;

  /** Whether it moves bytes between memory and the device; else it can have no crypto context. */
  public boolean movesData() {
    return this == READ || this == WRITE;
  }

  /** Whether it has a range and no data. */
  public boolean hasRangeOnly() {
    return !movesData() && this != FLUSH;
  }
}
