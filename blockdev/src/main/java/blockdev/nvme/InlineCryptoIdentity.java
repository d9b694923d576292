package blockdev.nvme;

import inlinecrypt.CryptoMode;
import inlinecrypt.KeyType;
import inlinecrypt.keyslot.CryptoProfile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.EnumSet;

/**
 * How a device advertises inline crypto: in the vendor-specific bytes of {@link
 * IdentifyController}, in a layout of ours.
 *
 * <pre>
 * 3072 "INLC" | 3076 version 2 | 3077 number of modes | 3078 keyslots (2)
 * 3080 bytes of a data unit number | 3081 types of keys: 1 raw, 2 hardware-wrapped, 3 both
 * 3088 for each mode: number (4), data unit sizes (4)
 * </pre>
 *
 * <p>A mode's number is blk-crypto's; its data unit sizes are a sum of powers of two, in bytes. A
 * device with modes and no keyslots takes a key with each command. One with wrapped keys imports,
 * generates, prepares and derives.
 */
public final class InlineCryptoIdentity {
  private static final int MAGIC_AT = 3072;
  private static final int VERSION = 3076;
  private static final int MODE_COUNT = 3077;
  private static final int SLOTS = 3078;
  private static final int DUN_BYTES = 3080;
  private static final int KEY_TYPES = 3081;
  private static final int MODES = 3088;
  private static final int MODE_BYTES = 8;
  private static final int MAGIC = 'I' | 'N' << 8 | 'L' << 16 | 'C' << 24;

  private InlineCryptoIdentity() {}

  /** Writes {@code profile}; a device without modes says nothing. */
  public static void put(MemorySegment controller, CryptoProfile profile) {
    if (!profile.hasModes()) {
      return;
    }
    controller.set(SubmissionEntry.INT, MAGIC_AT, MAGIC);
    controller.set(ValueLayout.JAVA_BYTE, VERSION, (byte) 2);
    controller.set(SubmissionEntry.SHORT, SLOTS, (short) profile.slotCount());
    controller.set(ValueLayout.JAVA_BYTE, DUN_BYTES, (byte) profile.maxDunBytes());
    int keyTypes = 0;
    for (KeyType type : KeyType.values()) {
      keyTypes |= profile.takes(type) ? bit(type) : 0;
    }
    controller.set(ValueLayout.JAVA_BYTE, KEY_TYPES, (byte) keyTypes);
    int modes = 0;
    for (CryptoMode mode : CryptoMode.values()) {
      if (profile.dataUnitSizeMask(mode) != 0) {
        long at = MODES + (long) MODE_BYTES * modes++;
        controller.set(SubmissionEntry.INT, at, mode.linuxNumber());
        controller.set(SubmissionEntry.INT, at + 4, profile.dataUnitSizeMask(mode));
      }
    }
    controller.set(ValueLayout.JAVA_BYTE, MODE_COUNT, (byte) modes);
  }

  /** {@code enum blk_crypto_key_type}. */
  private static int bit(KeyType type) {
    return switch (type) {
      case RAW -> 1;
      case HARDWARE_WRAPPED -> 2;
    };
  }

  /** What {@link #put} wrote. */
  public static CryptoProfile profile(MemorySegment controller) {
    if (controller.get(SubmissionEntry.INT, MAGIC_AT) != MAGIC) {
      return CryptoProfile.none();
    }
    EnumMap<CryptoMode, Integer> dataUnitSizes = new EnumMap<>(CryptoMode.class);
    int modes = controller.get(ValueLayout.JAVA_BYTE, MODE_COUNT);
    for (int i = 0; i < modes; i++) {
      long at = MODES + (long) MODE_BYTES * i;
      int number = controller.get(SubmissionEntry.INT, at);
      for (CryptoMode mode : CryptoMode.values()) {
        if (mode.linuxNumber() == number) {
          dataUnitSizes.put(mode, controller.get(SubmissionEntry.INT, at + 4));
        }
      }
    }
    EnumSet<KeyType> keyTypes = EnumSet.noneOf(KeyType.class);
    for (KeyType type : KeyType.values()) {
      if ((controller.get(ValueLayout.JAVA_BYTE, KEY_TYPES) & bit(type)) != 0) {
        keyTypes.add(type);
      }
    }
    return new CryptoProfile(
            controller.get(SubmissionEntry.SHORT, SLOTS) & 0xFFFF,
            controller.get(ValueLayout.JAVA_BYTE, DUN_BYTES),
            dataUnitSizes)
        .withKeyTypes(keyTypes);
  }
}
