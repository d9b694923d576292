package blockdev.nvme.controller;

import blockdev.memory.HostMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Memory of the device in which blocks stand in plaintext, data and metadata apart, while a command
 * compares, checks, copies or makes them. The commands of one queue share it, one at a time. It
 * takes memory when it is first used.
 *
 * <p>Commands that need none of that, Read and Write without metadata above all, do not come here.
 */
final class Stage {
  private static final int MAX_METADATA_BYTES = 64;

  private final int sizeBytes;
  private @Nullable MemorySegment data;
  private @Nullable MemorySegment metadata;

  /**
   * @param sizeBytes of data that it holds
   */
  Stage(int sizeBytes) {
    this.sizeBytes = sizeBytes;
  }

  /** Blocks that it holds, whole data units of all sizes. */
  int blocks(LbaFormat format) {
    return sizeBytes >>> format.blockShift();
  }

  MemorySegment data() {
    MemorySegment there = data;
    if (there == null) {
      there = MemorySegment.ofArray(new byte[sizeBytes]);
      data = there;
    }
    return there;
  }

  MemorySegment metadata() {
    MemorySegment there = metadata;
    if (there == null) {
      there =
          MemorySegment.ofArray(new byte[sizeBytes / HostMemory.PAGE_BYTES * MAX_METADATA_BYTES]);
      metadata = there;
    }
    return there;
  }

  /** Makes the first {@code blocks} blocks, data and metadata, zero. */
  void zero(LbaFormat format, int blocks) {
    data().asSlice(0, (long) blocks << format.blockShift()).fill((byte) 0);
    if (format.metadataBytes() > 0) {
      metadata().asSlice(0, (long) blocks * format.metadataBytes()).fill((byte) 0);
    }
  }

  /**
   * Reads blocks from the medium, decrypting them, into the place {@code at}, in blocks, of this.
   */
  void load(Namespace namespace, long lba, int blocks, CommandKey key, int at) {
    LbaFormat format = namespace.format();
    int shift = format.blockShift();
    MemorySegment medium = namespace.medium().segment();
    key.decrypt(medium, namespace.mediumOffset(lba), data(), (long) at << shift, blocks << shift);
    int metadataBytes = format.metadataBytes();
    if (metadataBytes > 0) {
      MemorySegment.copy(
          medium,
          namespace.metadataOffset(lba),
          metadata(),
          (long) at * metadataBytes,
          (long) blocks * metadataBytes);
      invertProtection(format, metadata(), (long) at * metadataBytes, blocks);
    }
    BlockSet deallocated = namespace.deallocated();
    if (key.isPresent() && !deallocated.isUnused()) {
      long end = lba + blocks;
      for (long block = deallocated.next(lba, end);
          block >= 0;
          block = deallocated.next(block + 1, end)) {
        data().asSlice(at + block - lba << shift, format.blockBytes()).fill((byte) 0);
      }
    }
  }

  /** Writes the blocks at the place {@code at} of this to the medium, encrypting them. */
  void store(Namespace namespace, long lba, int blocks, CommandKey key, int at) {
    LbaFormat format = namespace.format();
    int shift = format.blockShift();
    MemorySegment medium = namespace.medium().segment();
    key.encrypt(data(), (long) at << shift, medium, namespace.mediumOffset(lba), blocks << shift);
    int metadataBytes = format.metadataBytes();
    if (metadataBytes > 0) {
      long target = namespace.metadataOffset(lba);
      MemorySegment.copy(
          metadata(), (long) at * metadataBytes, medium, target, (long) blocks * metadataBytes);
      invertProtection(format, medium, target, blocks);
    }
  }

  private static void invertProtection(
      LbaFormat format, MemorySegment metadata, long start, int blocks) {
    if (!format.hasProtection()) {
      return;
    }
    long tuple = start + format.protectionOffset();
    for (int block = 0; block < blocks; block++) {
      metadata.set(
          ValueLayout.JAVA_LONG_UNALIGNED,
          tuple,
          ~metadata.get(ValueLayout.JAVA_LONG_UNALIGNED, tuple));
      tuple += format.metadataBytes();
    }
  }
}
