package inlinecrypt.keyslot;

import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoMode;
import inlinecrypt.KeyType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What an inline-encryption device can do: its slots, the width of its data unit numbers, the data
 * unit sizes of each mode, and the types of keys. Immutable.
 *
 * <p>Source: {@code struct blk_crypto_profile}, the part that drivers set, and the algebra of
 * capabilities in {@code block/blk-crypto-profile.c}.
 */
public final class CryptoProfile {
  private final int slotCount;
  private final int maxDunBytes;
  private final int[] dataUnitSizeMasks; // by mode
  private final EnumSet<KeyType> keyTypes;
  private final boolean dunIsAddress;

  /**
   * A device that takes raw keys.
   *
   * @param slotCount 0 for a device that takes its keys with each request
   * @param maxDunBytes bytes of a data unit number that the device takes, from 1 to 32
   * @param dataUnitSizeMasks for each mode, the sum of the data unit sizes that work with it (each
   *     is a power of two)
   */
  public CryptoProfile(int slotCount, int maxDunBytes, Map<CryptoMode, Integer> dataUnitSizeMasks) {
    this(slotCount, maxDunBytes, masks(dataUnitSizeMasks), EnumSet.of(KeyType.RAW), false);
    if (maxDunBytes < 1) {
      throw new IllegalArgumentException("maxDunBytes must be from 1 to 32, is " + maxDunBytes);
    }
  }

  private CryptoProfile(
      int slotCount,
      int maxDunBytes,
      int[] dataUnitSizeMasks,
      EnumSet<KeyType> keyTypes,
      boolean dunIsAddress) {
    if (slotCount < 0) {
      throw new IllegalArgumentException("slotCount must not be negative, is " + slotCount);
    }
    if (maxDunBytes < 0 || maxDunBytes > 32) {
      throw new IllegalArgumentException("maxDunBytes must be from 1 to 32, is " + maxDunBytes);
    }
    this.slotCount = slotCount;
    this.maxDunBytes = maxDunBytes;
    this.dataUnitSizeMasks = dataUnitSizeMasks;
    this.keyTypes = keyTypes;
    this.dunIsAddress = dunIsAddress;
  }

  private static int[] masks(Map<CryptoMode, Integer> dataUnitSizeMasks) {
    int[] masks = new int[CryptoMode.values().length];
    dataUnitSizeMasks.forEach((mode, mask) -> masks[mode.ordinal()] = mask);
    return masks;
  }

  /** A slotless profile without capabilities: what a device without inline encryption has. */
  public static CryptoProfile none() {
    return new CryptoProfile(
        0, 0, new int[CryptoMode.values().length], EnumSet.noneOf(KeyType.class), false);
  }

  /** A slotless profile with all capabilities: what intersecting begins with. */
  public static CryptoProfile all() {
    int[] masks = new int[CryptoMode.values().length];
    Arrays.fill(masks, -1);
    return new CryptoProfile(0, 32, masks, EnumSet.allOf(KeyType.class), false);
  }

  /** This, with keys of these types instead of those it takes. */
  public CryptoProfile withKeyTypes(Set<KeyType> other) {
    EnumSet<KeyType> types = EnumSet.noneOf(KeyType.class);
    types.addAll(other);
    return new CryptoProfile(slotCount, maxDunBytes, dataUnitSizeMasks, types, dunIsAddress);
  }

  /** This, for a device that numbers data units by itself; see {@link #dunIsAddress}. */
  public CryptoProfile withDunFromAddress() {
    return new CryptoProfile(slotCount, maxDunBytes, dataUnitSizeMasks, keyTypes, true);
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

  public boolean takes(KeyType type) {
    return keyTypes.contains(type);
  }

  /**
   * Whether the device takes no data unit number with a request, but numbers data units by where
   * they lie on it (NVMe Key Per I/O). A request's number then has to be that of its address, and
   * the device takes no data without a key. Linux knows no such device.
   */
  public boolean dunIsAddress() {
    return dunIsAddress;
  }

  /** Whether there is any mode; a device whose profile has none cannot encrypt. */
  public boolean hasModes() {
    return Arrays.stream(dataUnitSizeMasks).anyMatch(mask -> mask != 0);
  }

  /**
   * Whether the device itself can, and may, do {@code config} ({@code
   * blk_crypto_config_supported_natively}).
   */
  public boolean supports(CryptoConfig config) {
    return config.allowHardware()
        && (dataUnitSizeMask(config.mode()) & config.dataUnitSizeBytes()) != 0
        && config.dunBytes() <= maxDunBytes
        && takes(config.keyType());
  }

  /**
   * What both this and {@code child} can do, with the slots of this ({@code
   * blk_crypto_intersect_capabilities}). That is nothing if one of them numbers data units by their
   * addresses: a layer changes those.
   */
  public CryptoProfile intersect(CryptoProfile child) {
    int[] masks = dataUnitSizeMasks.clone();
    boolean addressed = dunIsAddress || child.dunIsAddress;
    Arrays.setAll(masks, mode -> addressed ? 0 : masks[mode] & child.dataUnitSizeMasks[mode]);
    EnumSet<KeyType> types = EnumSet.copyOf(keyTypes);
    types.retainAll(child.keyTypes);
    return new CryptoProfile(
        slotCount, Math.min(maxDunBytes, child.maxDunBytes), masks, types, false);
  }

  /** Whether this can do all that {@code other} can ({@code blk_crypto_has_capabilities}). */
  public boolean covers(CryptoProfile other) {
    for (int mode = 0; mode < dataUnitSizeMasks.length; mode++) {
      if ((other.dataUnitSizeMasks[mode] & ~dataUnitSizeMasks[mode]) != 0) {
        return false;
      }
    }
    return maxDunBytes >= other.maxDunBytes
        && keyTypes.containsAll(other.keyTypes)
        && dunIsAddress == other.dunIsAddress;
  }

  /**
   * This with the capabilities of {@code wider} ({@code blk_crypto_update_capabilities}).
   *
   * @throws IllegalArgumentException if {@code wider} does not cover this
   */
  public CryptoProfile widenTo(CryptoProfile wider) {
    if (!wider.covers(this)) {
      throw new IllegalArgumentException("the capabilities of a live device never shrink");
    }
    return new CryptoProfile(
        slotCount, wider.maxDunBytes, wider.dataUnitSizeMasks, wider.keyTypes, dunIsAddress);
  }
}
