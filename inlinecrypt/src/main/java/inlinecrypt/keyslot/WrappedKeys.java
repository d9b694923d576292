package inlinecrypt.keyslot;

import inlinecrypt.Errno;
import inlinecrypt.KeyType;

/**
 * The way to a device's operations on hardware-wrapped keys ({@code blk_crypto_import_key} and the
 * three beside it in {@code block/blk-crypto-profile.c}). They take the hardware section of the
 * device's {@link KeyslotManager}, one at a time with programming and evicting.
 */
public final class WrappedKeys {
  private final CryptoProfile profile;
  private final KeyslotManager section;

  /**
   * @param profile what the device that {@code section} belongs to advertises
   */
  public WrappedKeys(CryptoProfile profile, KeyslotManager section) {
    this.profile = profile;
    this.section = section;
  }

  /** Whether the device itself can encrypt at all; if not, it has no profile in Linux. */
  public boolean hasProfile() {
    return profile.hasModes();
  }

  /**
   * Performs {@code operation}, or refuses with {@link Errno#EOPNOTSUPP} if the device takes no
   * wrapped keys, or does not have the operation: then the section is not entered.
   *
   * @param input the raw key or the blob, empty for {@link WrappedKeyOperation#GENERATE}; unchanged
   *     until {@code done} is called, and the caller's to wipe then
   * @param done told the device's answer, which may be before this returns
   */
  public void perform(WrappedKeyOperation operation, byte[] input, WrappedKeyCompletion done) {
    if (hasProfile() && profile.takes(KeyType.HARDWARE_WRAPPED) && section.has(operation)) {
      section.perform(new WrappedKeyCall(operation, input, done));
    } else {
      done.done(Errno.EOPNOTSUPP, WrappedKeyCall.NO_OUTPUT);
    }
  }
}
