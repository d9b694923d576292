package blockdev.fs;

/** Where the contents of files are encrypted; decided when a filesystem is made. */
public enum ContentsCrypto {
  /**
   * By the device's inline engine, which takes keys from keyslots. The filesystem never sees
   * ciphertext, so it has no checksums of data.
   */
  DEVICE(1, "device");

  private final int number;
  private final String label;

  ContentsCrypto(int number, String label) {
    this.number = number;
    this.label = label;
  }

  /** The name people use. */
  public String label() {
    return label;
  }

  int number() {
    return number;
  }
}
