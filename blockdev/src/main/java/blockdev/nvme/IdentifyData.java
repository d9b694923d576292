package blockdev.nvme;

import blockdev.bio.QueueLimits;
import inlinecrypt.CryptoMode;
import inlinecrypt.KeyType;
import inlinecrypt.keyslot.CryptoProfile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.EnumSet;

/**
 * The 4096-byte structures that Identify returns, as far as this device fills them: the controller
 * (CNS 01h) and a namespace (CNS 00h). The device writes them, the driver reads them.
 *
 * <p>Inline crypto is advertised in the controller's vendor-specific bytes, in a layout of ours:
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
public final class IdentifyData {
  public static final int BYTES = 4096;
  public static final int CNS_NAMESPACE = 0x00;
  public static final int CNS_CONTROLLER = 0x01;
  public static final int CNS_INDEPENDENT_NAMESPACE = 0x08;

  /** There is a volatile write cache, and a flush names one namespace. */
  private static final byte VWC_PRESENT_FLUSH_BY_NAMESPACE = 0b101;

  private static final int SERIAL_NUMBER = 4;
  private static final int MODEL_NUMBER = 24;
  private static final int FIRMWARE_REVISION = 64;
  private static final int MDTS = 77;
  private static final int VERSION = 80;
  private static final int CONTROLLER_TYPE = 111;
  private static final int OACS = 256;
  private static final int OACS_SECURITY = 1;
  private static final int KPIOC = 358;
  private static final int KPIOC_SUPPORTED = 1;
  private static final int SQES = 512;
  private static final int CQES = 513;
  private static final int NUMBER_OF_NAMESPACES = 516;
  private static final int VOLATILE_WRITE_CACHE = 525;
  private static final int OPTIONAL_COMMANDS = 520;
  private static final int CRYPTO_MAGIC = 3072;
  private static final int CRYPTO_VERSION = 3076;
  private static final int CRYPTO_MODE_COUNT = 3077;
  private static final int CRYPTO_SLOTS = 3078;
  private static final int CRYPTO_DUN_BYTES = 3080;
  private static final int CRYPTO_KEY_TYPES = 3081;
  private static final int CRYPTO_MODES = 3088;
  private static final int CRYPTO_MODE_BYTES = 8;
  private static final int MAGIC = 'I' | 'N' << 8 | 'L' << 16 | 'C' << 24;

  private static final int NAMESPACE_SIZE = 0;
  private static final int NAMESPACE_CAPACITY = 8;
  private static final int NAMESPACE_USE = 16;
  private static final int FLBAS = 26;
  private static final int PROTECTION_SETTINGS = 29;
  private static final int EXTENDED = 1 << 4;
  private static final int KPIOS = 81;
  private static final int KPIODAAG = 84;
  private static final int LBA_FORMAT_0 = 128;
  private static final int INDEPENDENT_KPIOS = 15;
  private static final int INDEPENDENT_MAXKT = 16;
  private static final int KPIOS_ENABLED = 1;
  private static final int KPIOS_SUPPORTED = 1 << 1;

  private IdentifyData() {}

  public static void putController(
      MemorySegment data,
      int maxTransferPages,
      int namespaces,
      int optionalCommands,
      CryptoProfile profile,
      boolean keyPerIo) {
    data.fill((byte) 0);
    data.set(SubmissionEntry.SHORT, OPTIONAL_COMMANDS, (short) optionalCommands);
    putText(data, SERIAL_NUMBER, 20, "SIM0");
    putText(data, MODEL_NUMBER, 40, "inlinecrypt simulated device");
    putText(data, FIRMWARE_REVISION, 8, "1");
    data.set(ValueLayout.JAVA_BYTE, MDTS, (byte) Integer.numberOfTrailingZeros(maxTransferPages));
    data.set(SubmissionEntry.INT, VERSION, 2 << 16 | 1 << 8);
    data.set(ValueLayout.JAVA_BYTE, CONTROLLER_TYPE, (byte) 1);
    data.set(ValueLayout.JAVA_BYTE, SQES, (byte) 0x66); // 2^6 = 64
    data.set(ValueLayout.JAVA_BYTE, CQES, (byte) 0x44); // 2^4 = 16
    data.set(SubmissionEntry.INT, NUMBER_OF_NAMESPACES, namespaces);
    data.set(ValueLayout.JAVA_BYTE, VOLATILE_WRITE_CACHE, VWC_PRESENT_FLUSH_BY_NAMESPACE);
    if (profile.hasModes()) {
      putCrypto(data, profile);
    }
    if (keyPerIo) {
      data.set(SubmissionEntry.SHORT, OACS, (short) OACS_SECURITY);
      data.set(ValueLayout.JAVA_BYTE, KPIOC, (byte) KPIOC_SUPPORTED);
    }
  }

  private static void putCrypto(MemorySegment data, CryptoProfile profile) {
    data.set(SubmissionEntry.INT, CRYPTO_MAGIC, MAGIC);
    data.set(ValueLayout.JAVA_BYTE, CRYPTO_VERSION, (byte) 2);
    data.set(SubmissionEntry.SHORT, CRYPTO_SLOTS, (short) profile.slotCount());
    data.set(ValueLayout.JAVA_BYTE, CRYPTO_DUN_BYTES, (byte) profile.maxDunBytes());
    int keyTypes = 0;
    for (KeyType type : KeyType.values()) {
      keyTypes |= profile.takes(type) ? bit(type) : 0;
    }
    data.set(ValueLayout.JAVA_BYTE, CRYPTO_KEY_TYPES, (byte) keyTypes);
    int modes = 0;
    for (CryptoMode mode : CryptoMode.values()) {
      if (profile.dataUnitSizeMask(mode) != 0) {
        long at = CRYPTO_MODES + (long) CRYPTO_MODE_BYTES * modes++;
        data.set(SubmissionEntry.INT, at, mode.linuxNumber());
        data.set(SubmissionEntry.INT, at + 4, profile.dataUnitSizeMask(mode));
      }
    }
    data.set(ValueLayout.JAVA_BYTE, CRYPTO_MODE_COUNT, (byte) modes);
  }

  /** {@code enum blk_crypto_key_type}. */
  private static int bit(KeyType type) {
    return switch (type) {
      case RAW -> 1;
      case HARDWARE_WRAPPED -> 2;
    };
  }

  /**
   * @param isExtended whether metadata follows the data of its block
   * @param protectionType of the protection information, 0 for none
   */
  public static void putNamespace(
      MemorySegment data,
      long blocks,
      int blockBytes,
      int metadataBytes,
      boolean isExtended,
      int protectionType) {
    data.fill((byte) 0);
    data.set(SubmissionEntry.LONG, NAMESPACE_SIZE, blocks);
    data.set(SubmissionEntry.LONG, NAMESPACE_CAPACITY, blocks);
    data.set(SubmissionEntry.LONG, NAMESPACE_USE, blocks);
    data.set(ValueLayout.JAVA_BYTE, FLBAS, (byte) (isExtended ? EXTENDED : 0));
    data.set(ValueLayout.JAVA_BYTE, PROTECTION_SETTINGS, (byte) protectionType);
    data.set(
        SubmissionEntry.INT,
        LBA_FORMAT_0,
        Integer.numberOfTrailingZeros(blockBytes) << 16 | metadataBytes);
  }

  /** Whether the controller has Dataset Management. */
  public static boolean hasDatasetManagement(MemorySegment controller) {
    return (controller.get(SubmissionEntry.SHORT, OPTIONAL_COMMANDS) & 1 << 2) != 0;
  }

  /** Whether the controller has Write Zeroes. */
  public static boolean hasWriteZeroes(MemorySegment controller) {
    return (controller.get(SubmissionEntry.SHORT, OPTIONAL_COMMANDS) & 1 << 3) != 0;
  }

  /** Adds to a namespace (CNS 00h) what it is to Key Per I/O. */
  public static void putKeyPerIo(MemorySegment data, boolean managed, int granularityBlocks) {
    data.set(ValueLayout.JAVA_BYTE, KPIOS, keyPerIoState(managed));
    data.set(SubmissionEntry.INT, KPIODAAG, granularityBlocks - 1);
  }

  /**
   * A namespace independent of its command set (CNS 08h).
   *
   * @param keyTags 0 if it is not managed
   */
  public static void putIndependentNamespace(MemorySegment data, boolean keyPerIo, int keyTags) {
    data.fill((byte) 0);
    if (keyPerIo) {
      data.set(ValueLayout.JAVA_BYTE, INDEPENDENT_KPIOS, keyPerIoState(keyTags > 0));
      data.set(SubmissionEntry.SHORT, INDEPENDENT_MAXKT, (short) Math.max(0, keyTags - 1));
    }
  }

  private static byte keyPerIoState(boolean managed) {
    return (byte) (KPIOS_SUPPORTED | (managed ? KPIOS_ENABLED : 0));
  }

  public static int namespaces(MemorySegment controller) {
    return controller.get(SubmissionEntry.INT, NUMBER_OF_NAMESPACES);
  }

  public static boolean hasKeyPerIo(MemorySegment controller) {
    return (controller.get(ValueLayout.JAVA_BYTE, KPIOC) & KPIOC_SUPPORTED) != 0;
  }

  /** Whether all data of a namespace goes with key tags. */
  public static boolean isManaged(MemorySegment namespace) {
    return (namespace.get(ValueLayout.JAVA_BYTE, KPIOS) & KPIOS_ENABLED) != 0;
  }

  /** Blocks that address and length of a command with a key tag are multiples of. */
  public static int keyPerIoGranularityBlocks(MemorySegment namespace) {
    return namespace.get(SubmissionEntry.INT, KPIODAAG) + 1;
  }

  /** The largest key tag, in a managed namespace. */
  public static int maxKeyTag(MemorySegment independentNamespace) {
    return independentNamespace.get(SubmissionEntry.SHORT, INDEPENDENT_MAXKT) & 0xFFFF;
  }

  /** Bytes of the largest transfer. */
  public static int maxTransferBytes(MemorySegment controller) {
    return QueueLimits.VIRT_BOUNDARY_BYTES << controller.get(ValueLayout.JAVA_BYTE, MDTS);
  }

  public static CryptoProfile cryptoProfile(MemorySegment controller) {
    if (controller.get(SubmissionEntry.INT, CRYPTO_MAGIC) != MAGIC) {
      return CryptoProfile.none();
    }
    EnumMap<CryptoMode, Integer> dataUnitSizes = new EnumMap<>(CryptoMode.class);
    int modes = controller.get(ValueLayout.JAVA_BYTE, CRYPTO_MODE_COUNT);
    for (int i = 0; i < modes; i++) {
      long at = CRYPTO_MODES + (long) CRYPTO_MODE_BYTES * i;
      int number = controller.get(SubmissionEntry.INT, at);
      for (CryptoMode mode : CryptoMode.values()) {
        if (mode.linuxNumber() == number) {
          dataUnitSizes.put(mode, controller.get(SubmissionEntry.INT, at + 4));
        }
      }
    }
    EnumSet<KeyType> keyTypes = EnumSet.noneOf(KeyType.class);
    for (KeyType type : KeyType.values()) {
      if ((controller.get(ValueLayout.JAVA_BYTE, CRYPTO_KEY_TYPES) & bit(type)) != 0) {
        keyTypes.add(type);
      }
    }
    return new CryptoProfile(
            controller.get(SubmissionEntry.SHORT, CRYPTO_SLOTS) & 0xFFFF,
            controller.get(ValueLayout.JAVA_BYTE, CRYPTO_DUN_BYTES),
            dataUnitSizes)
        .withKeyTypes(keyTypes);
  }

  public static long blocks(MemorySegment namespace) {
    return namespace.get(SubmissionEntry.LONG, NAMESPACE_SIZE);
  }

  /** Of each block. */
  public static int metadataBytes(MemorySegment namespace) {
    return namespace.get(SubmissionEntry.INT, LBA_FORMAT_0) & 0xFFFF;
  }

  /** Whether metadata follows the data of its block. */
  public static boolean isExtended(MemorySegment namespace) {
    return (namespace.get(ValueLayout.JAVA_BYTE, FLBAS) & EXTENDED) != 0;
  }

  /** Of the protection information in the metadata, 0 for none. */
  public static int protectionType(MemorySegment namespace) {
    return namespace.get(ValueLayout.JAVA_BYTE, PROTECTION_SETTINGS) & 7;
  }

  public static int blockBytes(MemorySegment namespace) {
    return 1 << (namespace.get(SubmissionEntry.INT, LBA_FORMAT_0) >>> 16 & 0xFF);
  }

  private static void putText(MemorySegment data, long at, int length, String text) {
    byte[] ascii = String.format("%-" + length + "s", text).getBytes(StandardCharsets.US_ASCII);
    MemorySegment.copy(ascii, 0, data, ValueLayout.JAVA_BYTE, at, length);
  }
}
