package blockdev.preset;

/** How a key gets to where it encrypts. */
public enum KeyDelivery {
  /** Into a keyslot, as it is. */
  RAW("slot"),
  /** Into a keyslot, wrapped for this hardware; raw keys are refused. */
  WRAPPED("slot, wrapped"),
  /** Behind a key tag, imported by the admin queue; there the device numbers data units itself. */
  TAG("key tag"),
  /** With each command. */
  COMMAND("command"),
  /** Nowhere: the host encrypts. */
  HOST("host");

  private final String label;

  KeyDelivery(String label) {
    this.label = label;
  }

  /** As it is printed. */
  public String label() {
    return label;
  }
}
