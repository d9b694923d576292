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

  /**
   * Takes what the command at {@code at} says. Where blocks have metadata, its pointer stands in
   * the place of limb 1, and the number has one limb; protection information takes the place of a
   * key block's address.
   *
   * @param blocks how many, 0 if {@link #checkLength} is told later
   */
  int check(long at, Namespace namespace, int blocks) {
    int extension = SubmissionEntry.commandExtensionType(memory, at);
    if (keyPerIo != null) {
      return checkKeyTag(
          keyPerIo,
          extension,
          SubmissionEntry.slot(memory, at),
          namespace,
          SubmissionEntry.lba(memory, at),
          blocks);
    }
    if (extension == 0) {
      return NvmeStatus.SUCCESS;
    }
    long secondLimb = namespace.metadataBytes() == 0 ? SubmissionEntry.dun1(memory, at) : 0;
    int status =
        take(
            extension,
            SubmissionEntry.slot(memory, at),
            SubmissionEntry.dun0(memory, at),
            secondLimb);
    if (status != NvmeStatus.SUCCESS || !unit.takesKeysWithCommands()) {
      return status;
    }
    return namespace.format().hasProtection() ? NvmeStatus.INVALID_FIELD : checkKeyBlock(at);
  }

  /** Takes what a source range of a command says; there is no room for a key block. */
  int checkSource(
      int extension,
      int value,
      Namespace namespace,
      long lba,
      int blocks,
      long number0,
      long number1) {
    clear();
    if (keyPerIo != null) {
      return checkKeyTag(keyPerIo, extension, value, namespace, lba, blocks);
    }
    if (extension == 0) {
      return NvmeStatus.SUCCESS;
    }
    return unit.takesKeysWithCommands()
        ? NvmeStatus.INVALID_FIELD
        : take(extension, value, number0, number1);
  }

  private int take(int extension, int value, long number0, long number1) {
    present = true;
    slot = value;
    dun0 = number0;
    dun1 = number1;
    if (extension != SubmissionEntry.CETYPE_INLINE_CRYPTO) {
      return NvmeStatus.INVALID_FIELD;
    }
    return unit.takesKeysWithCommands() ? NvmeStatus.SUCCESS : checkSlot();
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

  /** Checks that {@code bytes} of plaintext are whole data units, and what a key tag asks for. */
  int checkLength(long bytes) {
    if (keyPerIo != null
        && taggedNamespace != 0
        && bytes % ((long) dataUnitSizeBytes * keyPerIo.granularityBlocks()) != 0) {
      return NvmeStatus.INVALID_FIELD;
    }
    if (!present || (bytes & (dataUnitSizeBytes - 1)) == 0) {
      return NvmeStatus.SUCCESS;
    }
    return keyBlockMode != null ? NvmeStatus.DATA_TRANSFER_ERROR : NvmeStatus.INVALID_FIELD;
  }

  /**
   * Checks the pages that the data of the command at {@code at} move straight from or to: each data
   * unit lies in one run; where the key is in a key block, in one page.
   */
  int checkPages(long at, DataPages pages) {
    if (!present) {
      return NvmeStatus.SUCCESS;
    }
    if (keyBlockMode != null) {
      return (SubmissionEntry.prp1(memory, at) & (HostMemory.PAGE_BYTES - 1)) == 0
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
   * @return Invalid Key Tag if a key block holds a key that no slot would take, or a tagged key
   *     went since the command was fetched; or Success
   */
  int prepare() {
    CryptoMode mode = keyBlockMode;
    if (mode != null) {
      MemorySegment raw = KeyBlock.key(memory, keyBlock, mode);
      if (mode.hasEqualXtsHalves(raw)) {
        return NvmeStatus.INVALID_KEY_TAG;
      }
      cipher = unit.prepare(mode, raw);
    }
    return keyPerIo != null
            && taggedNamespace != 0
            && keyPerIo.generation(taggedNamespace, slot) != generation
        ? NvmeStatus.INVALID_KEY_TAG
        : NvmeStatus.SUCCESS;
  }

  /** Asked before blocks are read: Incorrect Key if the device sees that it is another's. */
  int checkRead(long lba, long blocks) {
    return keyPerIo != null && taggedNamespace != 0
        ? keyPerIo.checkRead(taggedNamespace, slot, lba, blocks)
        : NvmeStatus.SUCCESS;
  }

  /** Told when blocks were written with this key. */
  void written(long lba, long blocks) {
    if (keyPerIo != null && taggedNamespace != 0) {
      keyPerIo.written(taggedNamespace, slot, lba, blocks);
    }
  }

  void release() {
    DataUnitCipher used = cipher;
    cipher = null;
    if (keyBlockMode != null && used != null) {
      used.close();
    }
  }

  /** Copies {@code length} bytes, encrypting them if there is a key. */
  void encrypt(
      MemorySegment source,
      long sourceOffset,
      MemorySegment target,
      long targetOffset,
      int length) {
    if (cipher == null) {
      MemorySegment.copy(source, sourceOffset, target, targetOffset, length);
    } else {
      cipher.encrypt(
          dun0, dun1, 0, 0, dataUnitSizeBytes, source, sourceOffset, target, targetOffset, length);
      advance(length);
    }
  }

  /** Copies {@code length} bytes, decrypting them if there is a key. */
  void decrypt(
      MemorySegment source,
      long sourceOffset,
      MemorySegment target,
      long targetOffset,
      int length) {
    if (cipher == null) {
      MemorySegment.copy(source, sourceOffset, target, targetOffset, length);
    } else {
      cipher.decrypt(
          dun0, dun1, 0, 0, dataUnitSizeBytes, source, sourceOffset, target, targetOffset, length);
      advance(length);
    }
  }

  private void advance(int bytes) {
    long units = bytes / dataUnitSizeBytes;
    dun0 += units;
    dun1 += DataUnitNumber.carryOut(dun0, units);
  }
}
