package blockdev.nvme.kpio;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Writes a KMIP message into a buffer, item after item; {@link #begin} and {@link #end} enclose a
 * structure.
 *
 * <p>Who writes more than the buffer holds gets an {@link IndexOutOfBoundsException}.
 */
public final class TtlvWriter {
  private static final int MAX_DEPTH = 16;

  private final MemorySegment target;
  private final long[] open = new long[MAX_DEPTH]; // where the headers of open structures are
  private int depth;
  private long at;

  public TtlvWriter(MemorySegment target) {
    this.target = target;
  }

  /** Bytes written so far. */
  public int bytes() {
    return (int) at;
  }

  public void begin(int tag) {
    open[depth++] = at;
    header(tag, Ttlv.STRUCTURE, 0);
  }

  public void end() {
    long header = open[--depth];
    target.set(Ttlv.INT, header + 4, (int) (at - header - Ttlv.HEADER_BYTES));
  }

  public void integer(int tag, int value) {
    word(tag, Ttlv.INTEGER, value);
  }

  public void enumeration(int tag, int value) {
    word(tag, Ttlv.ENUMERATION, value);
  }

  public void text(int tag, String value) {
    value(tag, Ttlv.TEXT, value.getBytes(StandardCharsets.UTF_8));
  }

  public void byteString(int tag, byte[] value) {
    value(tag, Ttlv.BYTES, value);
  }

  private void word(int tag, int type, int value) {
    header(tag, type, 4);
    target.set(Ttlv.INT, at, value);
    target.set(Ttlv.INT, at + 4, 0);
    at += 8;
  }

  private void value(int tag, int type, byte[] value) {
    header(tag, type, value.length);
    MemorySegment.copy(value, 0, target, ValueLayout.JAVA_BYTE, at, value.length);
    int padded = -(-value.length & -Ttlv.ALIGNMENT_BYTES);
    target.asSlice(at + value.length, padded - value.length).fill((byte) 0);
    at += padded;
  }

  private void header(int tag, int type, int length) {
    target.set(Ttlv.INT, at, tag << 8 | type);
    target.set(Ttlv.INT, at + 4, length);
    at += Ttlv.HEADER_BYTES;
  }
}
