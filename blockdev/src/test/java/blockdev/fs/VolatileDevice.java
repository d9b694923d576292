package blockdev.fs;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A device in memory whose writes rest in a volatile cache. A power cut takes effect in the middle
 * of a chosen call: any subset of the blocks of that call is done, and every cached block falls
 * back to any version written since it was last durable, or to the durable one.
 */
final class VolatileDevice implements MetadataDevice {
  /** The power is off. */
  static final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final byte[][] durable;
  private final Map<Integer, List<byte[]>> cached = new TreeMap<>(); // versions, oldest first
  private final Random chance;
  private final List<String> log = new ArrayList<>();
  private int callsUntilCut = Integer.MAX_VALUE;
  private boolean on = true;

  VolatileDevice(int blockCount, long seed) {
    durable = new byte[blockCount][BLOCK_BYTES];
    chance = new Random(seed);
  }

  /** Cuts the power in the write or flush after the next {@code calls} of them. */
  void cutAfter(int calls) {
    callsUntilCut = calls;
  }

  void cutNow() {
    for (Map.Entry<Integer, List<byte[]>> entry : cached.entrySet()) {
      int version = chance.nextInt(entry.getValue().size() + 1);
      if (version > 0) {
        durable[entry.getKey()] = entry.getValue().get(version - 1);
      }
    }
    cached.clear();
    on = false;
  }

  void powerOn() {
    on = true;
    callsUntilCut = Integer.MAX_VALUE;
  }

  /** Each write and flush since the last call, with a hash of what was written. */
  List<String> takeLog() {
    List<String> taken = List.copyOf(log);
    log.clear();
    return taken;
  }

  /** The durable bytes of a block, to look at or to damage. */
  byte[] durable(long block) {
    return durable[(int) block];
  }

  int blockCount() {
    return durable.length;
  }

  @Override
  public void read(long firstBlock, int blockCount, MemorySegment target) {
    requireOn();
    requireExactly(blockCount, target);
    for (int i = 0; i < blockCount; i++) {
      List<byte[]> versions = cached.get((int) firstBlock + i);
      byte[] block = versions == null ? durable[(int) firstBlock + i] : versions.getLast();
      MemorySegment.copy(MemorySegment.ofArray(block), 0, target, blockAt(i), BLOCK_BYTES);
    }
  }

  @Override
  public void write(
      long firstBlock, int blockCount, MemorySegment source, boolean forceUnitAccess) {
    requireOn();
    requireExactly(blockCount, source);
    boolean cut = callsUntilCut-- == 0;
    byte[] whole = source.toArray(ValueLayout.JAVA_BYTE);
    log.add(
        "write "
            + firstBlock
            + "+"
            + blockCount
            + " fua="
            + forceUnitAccess
            + " "
            + Arrays.hashCode(whole));
    for (int i = 0; i < blockCount; i++) {
      if (cut && chance.nextBoolean()) {
        continue;
      }
      int block = (int) firstBlock + i;
      byte[] content = Arrays.copyOfRange(whole, (int) blockAt(i), (int) blockAt(i) + BLOCK_BYTES);
      if (forceUnitAccess) {
        cached.remove(block);
        durable[block] = content;
      } else {
        cached.computeIfAbsent(block, key -> new ArrayList<>()).add(content);
      }
    }
    cutIf(cut);
  }

  @Override
  public void flush() {
    requireOn();
    cutIf(callsUntilCut-- == 0);
    log.add("flush");
    cached.forEach((block, versions) -> durable[block] = versions.getLast());
    cached.clear();
  }

  private void cutIf(boolean cut) {
    if (cut) {
      cutNow();
      throw new PowerCut();
    }
  }

  private void requireOn() {
    if (!on) {
      throw new PowerCut();
    }
  }

  private static void requireExactly(int blockCount, MemorySegment segment) {
    if (!segment.isNative() || segment.byteSize() != blockAt(blockCount)) {
      throw new IllegalArgumentException("not native, or not of " + blockCount + " blocks");
    }
  }

  private static long blockAt(int index) {
    return (long) index * BLOCK_BYTES;
  }
}
