package blockdev.nvme.kpio;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Level 0 Discovery of the device and of a namespace, big-endian: a header of 48 bytes, then one
 * feature.
 *
 * <pre>
 *  0 bytes that follow (4) | 4 revision 1 (4) | 8 reserved
 *
 * device, feature 0305h, 48 bytes:
 *  0 code (2) | 2 version 1, in bits 7:4 | 3 bytes that follow, 44
 *  4 protocol 1: first ComID (2), number (2) | 8 protocol 3: first ComID (2), number (2)
 * 16 flags | 17 longest key UID (2) | 19 bit 0 KMIP | 21 bit 0 AES-KW | 23 bit 0 AES-256 wraps
 * 27 bit 0 plaintext KEK | 32 KEKs (4) | 36 key tags (4) | 40 key tags of a namespace (2)
 * 42 nonce bytes
 *
 * namespace, feature 040Ah, 16 bytes:
 *  0 code (2) | 2 version | 3 bytes that follow, 12 | 4 bit 0 managed | 5 key tags (2)
 * </pre>
 *
 * <p>The order of the bits in byte 16 was not to be had; this is ours.
 */
public final class Discovery {
  public static final int DEVICE_BYTES = 96;
  public static final int NAMESPACE_BYTES = 64;

  public static final int ENABLED = 1;
  public static final int ALL_NAMESPACES = 1 << 1;
  public static final int SHARED_TWEAK_KEY = 1 << 2;
  public static final int DETECTS_INCORRECT_KEYS = 1 << 3;
  public static final int REPLAY_PROTECTION_SUPPORTED = 1 << 4;
  public static final int REPLAY_PROTECTION_ENABLED = 1 << 5;

  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int HEADER_BYTES = 48;
  private static final int KEY_PER_IO = 0x0305;
  private static final int NAMESPACE_KEY_PER_IO = 0x040A;
  private static final int VERSION_1 = 1 << 4;

  private Discovery() {}

  /**
   * What a device can do.
   *
   * @param flags {@link #ENABLED} and so on
   */
  public record Device(
      int flags,
      int longestUidBytes,
      boolean plaintextKeks,
      int keks,
      int keyTags,
      int nonceBytes) {}

  public static void putDevice(MemorySegment target, Device device) {
    putHeader(target, DEVICE_BYTES, KEY_PER_IO);
    int at = HEADER_BYTES;
    target.set(SHORT, at + 4, (short) ComId.KEYS);
    target.set(SHORT, at + 6, (short) 1);
    target.set(SHORT, at + 8, (short) ComId.KEYS);
    target.set(SHORT, at + 10, (short) 1);
    putByte(target, at + 16, device.flags());
    target.set(SHORT, at + 17, (short) device.longestUidBytes());
    putByte(target, at + 19, 1);
    putByte(target, at + 21, 1);
    putByte(target, at + 23, 1);
    putByte(target, at + 27, device.plaintextKeks() ? 1 : 0);
    target.set(Ttlv.INT, at + 32, device.keks());
    target.set(Ttlv.INT, at + 36, device.keyTags());
    target.set(SHORT, at + 40, (short) device.keyTags());
    putByte(target, at + 42, device.nonceBytes());
  }

  /**
   * The ComID of keys, or 0 if the device has no Key Per I/O.
   *
   * @param discovery {@link #DEVICE_BYTES} long
   */
  public static int keysComId(MemorySegment discovery) {
    return hasFeature(discovery, KEY_PER_IO) ? discovery.get(SHORT, HEADER_BYTES + 8) & 0xFFFF : 0;
  }

  public static boolean takesPlaintextKeks(MemorySegment discovery) {
    return hasFeature(discovery, KEY_PER_IO)
        && (discovery.get(ValueLayout.JAVA_BYTE, HEADER_BYTES + 27) & 1) != 0;
  }

  public static void putNamespace(MemorySegment target, boolean managed, int keyTags) {
    putHeader(target, NAMESPACE_BYTES, NAMESPACE_KEY_PER_IO);
    putByte(target, HEADER_BYTES + 4, managed ? 1 : 0);
    target.set(SHORT, HEADER_BYTES + 5, (short) keyTags);
  }

  /**
   * Key tags that a namespace has; 0 if it is not managed.
   *
   * @param discovery {@link #NAMESPACE_BYTES} long
   */
  public static int keyTags(MemorySegment discovery) {
    return hasFeature(discovery, NAMESPACE_KEY_PER_IO)
            && (discovery.get(ValueLayout.JAVA_BYTE, HEADER_BYTES + 4) & 1) != 0
        ? discovery.get(SHORT, HEADER_BYTES + 5) & 0xFFFF
        : 0;
  }

  private static void putHeader(MemorySegment target, int bytes, int feature) {
    target.asSlice(0, bytes).fill((byte) 0);
    target.set(Ttlv.INT, 0, bytes - Integer.BYTES);
    target.set(Ttlv.INT, 4, 1);
    target.set(SHORT, HEADER_BYTES, (short) feature);
    putByte(target, HEADER_BYTES + 2, VERSION_1);
    putByte(target, HEADER_BYTES + 3, bytes - HEADER_BYTES - Integer.BYTES);
  }

  private static boolean hasFeature(MemorySegment discovery, int feature) {
    return (discovery.get(SHORT, HEADER_BYTES) & 0xFFFF) == feature;
  }

  private static void putByte(MemorySegment target, long at, int value) {
    target.set(ValueLayout.JAVA_BYTE, at, (byte) value);
  }
}
