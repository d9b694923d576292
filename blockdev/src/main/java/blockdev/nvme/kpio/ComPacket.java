package blockdev.nvme.kpio;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What a KMIP message travels in, big-endian (TCG Storage Architecture Core, "ComPacket"; that the
 * message follows the header without packets and subpackets is our choice):
 *
 * <pre>
 *  0 reserved (4) | 4 ComID (2) | 6 ComID extension (2) | 8 outstanding data (4)
 * 12 least to transfer (4) | 16 length (4) | 20 message
 * </pre>
 */
public final class ComPacket {
  public static final int HEADER_BYTES = 20;

  private static final int COM_ID = 4;
  private static final int OUTSTANDING_DATA = 8;
  private static final int MIN_TRANSFER = 12;
  private static final int LENGTH = 16;

  private ComPacket() {}

  /** Writes the header of a message of {@code length} bytes, which follows it. */
  public static void putHeader(MemorySegment packet, int comId, int length) {
    packet.asSlice(0, HEADER_BYTES).fill((byte) 0);
    packet.set(Discovery.SHORT, COM_ID, (short) comId);
    packet.set(Ttlv.INT, LENGTH, length);
  }

  /** Writes the header that says that a message of {@code length} bytes waits for more room. */
  public static void putOutstanding(MemorySegment packet, int comId, int length) {
    putHeader(packet, comId, 0);
    packet.set(Ttlv.INT, OUTSTANDING_DATA, length);
    packet.set(Ttlv.INT, MIN_TRANSFER, length);
  }

  /** The message; null if {@code packet} is too short, or of another ComID. */
  public static @Nullable MemorySegment message(MemorySegment packet, int comId) {
    if (packet.byteSize() < HEADER_BYTES
        || (packet.get(Discovery.SHORT, COM_ID) & 0xFFFF) != comId) {
      return null;
    }
    long length = Integer.toUnsignedLong(packet.get(Ttlv.INT, LENGTH));
    return length > packet.byteSize() - HEADER_BYTES ? null : packet.asSlice(HEADER_BYTES, length);
  }
}
