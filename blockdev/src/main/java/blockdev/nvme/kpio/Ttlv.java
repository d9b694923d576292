package blockdev.nvme.kpio;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An item of a KMIP message: tag (3), type (1), length (4), value padded to 8 bytes; the value of a
 * structure is items. Big-endian. Source: KMIP 2.1, section "TTLV".
 *
 * <p>An item is a view of the bytes it was read from, which nobody changes meanwhile.
 *
 * @param value without padding
 * @param items of a structure, else none
 */
public record Ttlv(int tag, int type, MemorySegment value, List<Ttlv> items) {
  public static final int STRUCTURE = 1;
  public static final int INTEGER = 2;
  public static final int LONG_INTEGER = 3;
  public static final int BIG_INTEGER = 4;
  public static final int ENUMERATION = 5;
  public static final int BOOLEAN = 6;
  public static final int TEXT = 7;
  public static final int BYTES = 8;
  public static final int DATE_TIME = 9;
  public static final int INTERVAL = 10;

  static final int HEADER_BYTES = 8;
  static final int ALIGNMENT_BYTES = 8;

  /** No message that we know goes deeper than 8. */
  private static final int MAX_DEPTH = 16;

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** Reads the one item that {@code bytes} are; null if they are not one and nothing else. */
  public static @Nullable Ttlv read(MemorySegment bytes) {
    List<Ttlv> items = items(bytes, 1);
    return items == null || items.size() != 1 ? null : items.getFirst();
  }

  private static @Nullable List<Ttlv> items(MemorySegment bytes, int depth) {
    List<Ttlv> items = new ArrayList<>();
    for (long at = 0; at < bytes.byteSize(); ) {
      if (depth > MAX_DEPTH || bytes.byteSize() - at < HEADER_BYTES) {
        return null;
      }
      int tagAndType = bytes.get(INT, at);
      long length = Integer.toUnsignedLong(bytes.get(INT, at + 4));
      long padded = -(-length & -ALIGNMENT_BYTES);
      at += HEADER_BYTES;
      if (padded > bytes.byteSize() - at || !isLengthOf(tagAndType & 0xFF, length)) {
        return null;
      }
      MemorySegment value = bytes.asSlice(at, length);
      List<Ttlv> inner = List.of();
      if ((tagAndType & 0xFF) == STRUCTURE) {
        inner = items(value, depth + 1);
        if (inner == null) {
          return null;
        }
      }
      items.add(new Ttlv(tagAndType >>> 8, tagAndType & 0xFF, value, inner));
      at += padded;
    }
    return items;
  }

  private static boolean isLengthOf(int type, long length) {
    return switch (type) {
      case INTEGER, ENUMERATION, INTERVAL -> length == 4;
      case LONG_INTEGER, BOOLEAN, DATE_TIME -> length == 8;
      case STRUCTURE, BIG_INTEGER -> length % ALIGNMENT_BYTES == 0;
      case TEXT, BYTES -> true;
      default -> false;
    };
  }

  /** The first item of a structure with this tag and type; null if there is none. */
  public @Nullable Ttlv item(int wantedTag, int wantedType) {
    for (Ttlv item : items) {
      if (item.tag == wantedTag && item.type == wantedType) {
        return item;
      }
    }
    return null;
  }

  /** The structure inside this one; null if it is not there. */
  public @Nullable Ttlv structure(int wantedTag) {
    return item(wantedTag, STRUCTURE);
  }

  /** The value of an enumeration inside this structure; 0 if it is not there. */
  public int enumeration(int wantedTag) {
    Ttlv item = item(wantedTag, ENUMERATION);
    return item == null ? 0 : item.asNumber();
  }

  /** The value of an integer inside this structure, or {@code otherwise}. */
  public int integer(int wantedTag, int otherwise) {
    Ttlv item = item(wantedTag, INTEGER);
    return item == null ? otherwise : item.asNumber();
  }

  /** The value of a text inside this structure; null if it is not there. */
  public @Nullable String text(int wantedTag) {
    Ttlv item = item(wantedTag, TEXT);
    return item == null ? null : item.asText();
  }

  /** The value of an integer or an enumeration. */
  public int asNumber() {
    return value.get(INT, 0);
  }

  /** The value of a text. */
  public String asText() {
    return new String(value.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }
}
