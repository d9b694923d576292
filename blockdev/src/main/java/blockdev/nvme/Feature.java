package blockdev.nvme;

/** Identifiers of features, and the fields of Set and Get Features (NVMe Base 2.1). */
public final class Feature {
  public static final int ARBITRATION = 0x01;
  public static final int POWER_MANAGEMENT = 0x02;
  public static final int TEMPERATURE_THRESHOLD = 0x04;
  public static final int ERROR_RECOVERY = 0x05;
  public static final int VOLATILE_WRITE_CACHE = 0x06;
  public static final int NUMBER_OF_QUEUES = 0x07;
  public static final int INTERRUPT_COALESCING = 0x08;
  public static final int INTERRUPT_VECTOR = 0x09;
  public static final int WRITE_ATOMICITY = 0x0A;
  public static final int ASYNC_EVENTS = 0x0B;
  public static final int TIMESTAMP = 0x0E;
  public static final int KEEP_ALIVE = 0x0F;
  public static final int HOST_BEHAVIOR = 0x16;
  public static final int HOST_IDENTIFIER = 0x81;
  public static final int WRITE_PROTECTION = 0x84;

  /** SV, in CDW10 of Set Features. */
  public static final int SAVE = 1 << 31;

  /** SEL, in CDW10 of Get Features. */
  public static final int SELECT_SHIFT = 8;

  public static final int SELECT_CURRENT = 0;
  public static final int SELECT_DEFAULT = 1;
  public static final int SELECT_SAVED = 2;
  public static final int SELECT_CAPABILITIES = 3;

  public static final int SAVEABLE = 1;
  public static final int NAMESPACE_SPECIFIC = 1 << 1;
  public static final int CHANGEABLE = 1 << 2;

  /** DULBE, of {@link #ERROR_RECOVERY}. */
  public static final int DEALLOCATED_ERROR = 1 << 16;

  /** CD, of {@link #INTERRUPT_VECTOR}. */
  public static final int COALESCING_DISABLED = 1 << 16;

  public static final int TIMESTAMP_BYTES = 8;
  public static final int HOST_BEHAVIOR_BYTES = 512;
  public static final int HOST_IDENTIFIER_BYTES = 16;

  private Feature() {}
}
