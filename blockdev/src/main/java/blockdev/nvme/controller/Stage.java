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

  private final MemorySegment host;
  private final int sizeBytes;
  private @Nullable MemorySegment data;
  private @Nullable MemorySegment metadata;

  /**
   * @param sizeBytes of data that it holds
   */
  Stage(MemorySegment host, int sizeBytes) {
    this.host = host;
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

  /** Takes the blocks of {@code command} from the host. */
  void takeFromHost(IoCommand command, LbaFormat format) {
    DataPages pages = command.pages();
    int metadataBytes = command.wireMetadataBytes();
    pages.rewind();
    if (!format.isExtended() || metadataBytes == 0) {
      pages.take(data(), 0, command.blocks() << format.blockShift());
    }
    if (metadataBytes == 0) {
      return;
    }
    if (!format.isExtended()) {
      MemorySegment.copy(
          host, command.metadataPointer(), metadata(), 0, (long) command.blocks() * metadataBytes);
      return;
    }
    for (int block = 0; block < command.blocks(); block++) {
      pages.take(data(), (long) block << format.blockShift(), format.blockBytes());
      pages.take(metadata(), (long) block * metadataBytes, metadataBytes);
    }
  }

  /** Gives the blocks of {@code command} to the host. */
  void giveToHost(IoCommand command, LbaFormat format) {
    DataPages pages = command.pages();
    int metadataBytes = command.wireMetadataBytes();
    pages.rewind();
    if (!format.isExtended() || metadataBytes == 0) {
      pages.give(data(), 0, command.blocks() << format.blockShift());
    }
    if (metadataBytes == 0) {
      return;
    }
    if (!format.isExtended()) {
      MemorySegment.copy(
          metadata(), 0, host, command.metadataPointer(), (long) command.blocks() * metadataBytes);
      return;
    }
    for (int block = 0; block < command.blocks(); block++) {
      pages.give(data(), (long) block << format.blockShift(), format.blockBytes());
      pages.give(metadata(), (long) block * metadataBytes, metadataBytes);
    }
  }

  /**
   * The first block of {@code command} that is not what the host has, or −1. Protection information
   * is not compared.
   */
  int mismatch(IoCommand command, LbaFormat format) {
    DataPages pages = command.pages();
    int metadataBytes = command.wireMetadataBytes();
    int first = format.hasProtection() && format.protectionFirst() ? LbaFormat.PROTECTION_BYTES : 0;
    int last =
        format.hasProtection() && !format.protectionFirst()
            ? format.protectionOffset()
            : metadataBytes;
    pages.rewind();
    for (int block = 0; block < command.blocks(); block++) {
      boolean equal = pages.match(data(), (long) block << format.blockShift(), format.blockBytes());
      if (metadataBytes > 0) {
        long mine = (long) block * metadataBytes;
        if (format.isExtended()) {
          pages.skip(first);
          equal &= pages.match(metadata(), mine + first, last - first);
          pages.skip(metadataBytes - last);
        } else {
          long theirs = command.metadataPointer() + mine;
          equal &=
              MemorySegment.mismatch(
                      metadata(), mine + first, mine + last, host, theirs + first, theirs + last)
                  < 0;
        }
      }
      if (!equal) {
        return block;
      }
    }
    return -1;
  }
}
