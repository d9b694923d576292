package blockdev.nvme.controller;

import blockdev.memory.HostMemory;
import blockdev.nvme.KeyBlock;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import blockdev.nvme.controller.kpio.KeyPerIo;
import inlinecrypt.CryptoMode;
import inlinecrypt.DataUnitNumber;
import inlinecrypt.engine.DataUnitCipher;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What a command says about encryption: the key, in a slot, in a {@link KeyBlock} or behind a key
 * tag, and the number of its first data unit; under Key Per I/O that is its address. A data unit
 * has to lie within one run of {@link DataPages}.
 */
final class CommandKey {
  private static final int NO_SLOT = -1;

  private final MemorySegment memory;
  private final InlineCryptoUnit unit;
  private final @Nullable KeyPerIo keyPerIo;

  private boolean present;
  private int slot;
  private long dun0;
  private long dun1;
  private int dataUnitSizeBytes;
  private @Nullable DataUnitCipher cipher; // null for plain data, and before a key block is read
  private @Nullable CryptoMode keyBlockMode; // null if the key is in a slot, or there is none
  private long keyBlock;
  private int taggedNamespace; // 0: no key tag
  private long taggedLba;
  private int taggedBlocks;
  private int generation;

  CommandKey(MemorySegment memory, InlineCryptoUnit unit, @Nullable KeyPerIo keyPerIo) {
    this.memory = memory;
    this.unit = unit;
    this.keyPerIo = keyPerIo;
  }

  void clear() {
    present = false;
    slot = NO_SLOT;
    dun0 = 0;
    dun1 = 0;
    cipher = null;
    keyBlockMode = null;
    taggedNamespace = 0;
  }

  /** Whether the command names a key. */
  boolean isPresent() {
    return present;
  }

  /** The slot or the key tag, or −1. */
  int slot() {
    return slot;
  }

  /** Limb 0 of the next data unit's number. */
  long dun0() {
    return dun0;
  }

  /** Limb 1 of the next data unit's number. */
  long dun1() {
    return dun1;
  }

  /** Takes what the command at {@code at}, whose blocks lie in {@code namespace}, says. */
  int check(long at, Namespace namespace) {
    int extension = SubmissionEntry.commandExtensionType(memory, at);
    if (keyPerIo != null) {
      return checkKeyTag(
          keyPerIo,
          extension,
          SubmissionEntry.slot(memory, at),
          namespace,
          SubmissionEntry.lba(memory, at),
          SubmissionEntry.blocks(memory, at));
    }
    if (extension == 0) {
      return NvmeStatus.SUCCESS;
    }
    present = true;
    slot = SubmissionEntry.slot(memory, at);
    dun0 = SubmissionEntry.dun0(memory, at);
    dun1 = SubmissionEntry.dun1(memory, at);
    if (extension != SubmissionEntry.CETYPE_INLINE_CRYPTO) {
      return NvmeStatus.INVALID_FIELD;
    }
    return unit.takesKeysWithCommands() ? checkKeyBlock(at) : checkSlot();
  }

  private int checkKeyTag(
      KeyPerIo keys, int extension, int keyTag, Namespace namespace, long lba, int blocks) {
    int status = keys.check(namespace.id(), extension, keyTag, lba, blocks);
    if (status == NvmeStatus.SUCCESS && keys.isManaged(namespace.id())) {
      present = true;
      slot = keyTag;
      dun0 = lba;
      dun1 = 0;
      dataUnitSizeBytes = namespace.format().blockBytes();
      cipher = keys.cipher(namespace.id(), keyTag);
      generation = keys.generation(namespace.id(), keyTag);
      taggedNamespace = namespace.id();
      taggedLba = lba;
      taggedBlocks = blocks;
    }
    return status;
  }

  private int checkSlot() {
    if (slot >= unit.slotCount()) {
      return NvmeStatus.INVALID_FIELD;
    }
    if (!unit.isProgrammed(slot)) {
      return NvmeStatus.INVALID_KEY_TAG;
    }
    cipher = unit.cipher(slot);
    dataUnitSizeBytes = unit.dataUnitSizeBytes(slot);
    return NvmeStatus.SUCCESS;
  }

  private int checkKeyBlock(long at) {
    if (slot != SubmissionEntry.CEV_KEY_BLOCK) {
      return NvmeStatus.INVALID_FIELD;
    }
    slot = NO_SLOT;
    keyBlock = SubmissionEntry.keyBlock(memory, at);
    if (!DataPages.contains(memory, keyBlock, KeyBlock.BYTES)) {
      return NvmeStatus.DATA_TRANSFER_ERROR;
    }
    CryptoMode mode = KeyBlock.mode(memory, keyBlock);
    if (mode == null) {
      return NvmeStatus.INVALID_KEY_TAG;
    }
    dataUnitSizeBytes = KeyBlock.dataUnitSizeBytes(memory, keyBlock);
    if (dataUnitSizeBytes != HostMemory.PAGE_BYTES || unit.profile().dataUnitSizeMask(mode) == 0) {
      return NvmeStatus.INVALID_FIELD;
    }
    keyBlockMode = mode;
    return NvmeStatus.SUCCESS;
  }

  /** Checks the pages of a command at {@code at} that moves {@code bytes} against the data unit. */
  int checkPages(long at, DataPages pages, long bytes) {
    if (!present) {
      return NvmeStatus.SUCCESS;
    }
    if (keyBlockMode != null) { // each PRP entry is to be one data unit
      return ((SubmissionEntry.prp1(memory, at) | bytes) & (HostMemory.PAGE_BYTES - 1)) == 0
          ? NvmeStatus.SUCCESS
          : NvmeStatus.DATA_TRANSFER_ERROR;
    }
    for (int run = 0; run < pages.runs(); run++) {
      if ((pages.length(run) & (dataUnitSizeBytes - 1)) != 0) {
        return NvmeStatus.INVALID_FIELD;
      }
    }
    return NvmeStatus.SUCCESS;
  }

  /**
   * Makes the cipher of a key block, which {@link #release} frees.
   *
   * @return Invalid Key Tag if the key went since the command was fetched, or Success
   */
  int prepare() {
    CryptoMode mode = keyBlockMode;
    if (mode != null) {
      cipher = unit.prepare(mode, KeyBlock.key(memory, keyBlock, mode));
    }
    return keyPerIo != null
            && taggedNamespace != 0
            && keyPerIo.generation(taggedNamespace, slot) != generation
        ? NvmeStatus.INVALID_KEY_TAG
        : NvmeStatus.SUCCESS;
  }

  /** Asked before blocks are read: Incorrect Key if the device sees that it is another's. */
  int checkRead() {
    return keyPerIo != null && taggedNamespace != 0
        ? keyPerIo.checkRead(taggedNamespace, slot, taggedLba, taggedBlocks)
        : NvmeStatus.SUCCESS;
  }

  /** Told when the command's blocks were written. */
  void written() {
    if (keyPerIo != null && taggedNamespace != 0) {
      keyPerIo.written(taggedNamespace, slot, taggedLba, taggedBlocks);
    }
  }

  void release() {
    DataUnitCipher used = cipher;
    cipher = null;
    if (keyBlockMode != null && used != null) {
      used.close();
    }
  }

  /** Writes {@code length} bytes of host memory to {@code target}, encrypted if there is a key. */
  void toMedium(long hostOffset, MemorySegment target, long targetOffset, int length) {
    if (cipher == null) {
      MemorySegment.copy(memory, hostOffset, target, targetOffset, length);
    } else {
      cipher.encrypt(
          dun0, dun1, 0, 0, dataUnitSizeBytes, memory, hostOffset, target, targetOffset, length);
      advance(length);
    }
  }

  /** Reads {@code length} bytes of {@code source} to host memory, decrypted if there is a key. */
  void toHost(MemorySegment source, long sourceOffset, long hostOffset, int length) {
    if (cipher == null) {
      MemorySegment.copy(source, sourceOffset, memory, hostOffset, length);
    } else {
      cipher.decrypt(
          dun0, dun1, 0, 0, dataUnitSizeBytes, source, sourceOffset, memory, hostOffset, length);
      advance(length);
    }
  }

  private void advance(int bytes) {
    long units = bytes / dataUnitSizeBytes;
    dun0 += units;
    dun1 += DataUnitNumber.carryOut(dun0, units);
  }
}
