package inlinecrypt.keyslot;

import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoMode;
import java.util.Map;

/**
 * What an inline-encryption device can do: its slots, the width of its data unit numbers, and the
 * data unit sizes of each mode.
 *
 * <p>Source: {@code struct blk_crypto_profile}, the part that drivers set.
 */
public final class CryptoProfile {
  private final int slotCount;
  private final int maxDunBytes;
  private final int[] dataUnitSizeMasks; // by mode

  /**
   * @param slotCount 0 for a device that takes its keys with each request
   * @param maxDunBytes bytes of a data unit number that the device takes, from 1 to 32
   * @param dataUnitSizeMasks for each mode, the sum of the data unit sizes that work with it (each
   *     is a power of two)
   */
  public CryptoProfile(int slotCount, int maxDunBytes, Map<CryptoMode, Integer> dataUnitSizeMasks) {
    if (slotCount < 0) {
      throw new IllegalArgumentException("slotCount must not be negative, is " + slotCount);
    }
    if (maxDunBytes < 1 || maxDunBytes > 32) {
      throw new IllegalArgumentException("maxDunBytes must be from 1 to 32, is " + maxDunBytes);
    }
    this.slotCount = slotCount;
    this.maxDunBytes = maxDunBytes;
    this.dataUnitSizeMasks = new int[CryptoMode.values().length];
    dataUnitSizeMasks.forEach((mode, mask) -> this.dataUnitSizeMasks[mode.ordinal()] = mask);
  }

  public int slotCount() {
    return slotCount;
  }

  public int maxDunBytes() {
    return maxDunBytes;
  }

  /** The sum of the data unit sizes that work with {@code mode}, 0 if the mode is not there. */
  public int dataUnitSizeMask(CryptoMode mode) {
    return dataUnitSizeMasks[mode.ordinal()];
  }

  /**
   * Whether the device itself can do {@code config} ({@code blk_crypto_config_supported_natively}).
   */
  public boolean supports(CryptoConfig config) {
    return (dataUnitSizeMask(config.mode()) & config.dataUnitSizeBytes()) != 0
        && config.dunBytes() <= maxDunBytes;
  }
}
