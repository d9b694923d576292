package blockdev.nvme.kpio;

/** ComIDs, which are the SPSP field of Security Send and Security Receive. */
public final class ComId {
  /** Under protocol 01h: Level 0 Discovery of the device. */
  public static final int LEVEL_0_DISCOVERY = 0x0001;

  /** Under protocol 01h: Level 0 Discovery of a namespace. */
  public static final int NAMESPACE_DISCOVERY = 0x0002;

  /** Under protocol 02h: TPER_RESET. */
  public static final int TPER_RESET = 0x0004;

  /** Under protocol 02h: Get Nonce. */
  public static final int NONCE = 0x0006;

  /**
   * The device's own, the only one it has: KMIP messages under protocol 03h, requests about keys
   * under 02h. The number is ours.
   */
  public static final int KEYS = 0x1000;

  private ComId() {}
}
