package blockdev.bio;

/** What a bio does. */
public enum BioOp {
  READ,
  WRITE,
  /** Makes all writes that have ended durable. Carries no data. */
  FLUSH
}
