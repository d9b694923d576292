package blockdev.nvme.controller.kpio;

/**
 * The SSC's table KPIOPolicies, without what needs public keys.
 *
 * @param clearSingleAllowed whether a host may clear a key
 * @param clearAllAllowed whether a host may clear all keys
 * @param replayProtection whether each imported key has to bring a nonce of the device
 * @param plaintextKekAllowed whether an empty row takes its first key encryption key in the clear
 * @param injectionLocked whether key messages are refused
 */
public record KeyPerIoPolicies(
    boolean clearSingleAllowed,
    boolean clearAllAllowed,
    boolean replayProtection,
    boolean plaintextKekAllowed,
    boolean injectionLocked) {
  /** As the SSC has them, but that a host may bring its first key encryption key by itself. */
  public static final KeyPerIoPolicies DEFAULT =
      new KeyPerIoPolicies(true, true, false, true, false);

  public KeyPerIoPolicies withClearing(boolean single, boolean all) {
    return new KeyPerIoPolicies(
        single, all, replayProtection, plaintextKekAllowed, injectionLocked);
  }

  public KeyPerIoPolicies withReplayProtection() {
    return new KeyPerIoPolicies(
        clearSingleAllowed, clearAllAllowed, true, plaintextKekAllowed, injectionLocked);
  }

  public KeyPerIoPolicies withoutPlaintextKeks() {
    return new KeyPerIoPolicies(
        clearSingleAllowed, clearAllAllowed, replayProtection, false, injectionLocked);
  }

  public KeyPerIoPolicies withInjectionLocked() {
    return new KeyPerIoPolicies(
        clearSingleAllowed, clearAllAllowed, replayProtection, plaintextKekAllowed, true);
  }
}
