package blockdev.nvme.controller;

import static blockdev.nvme.IdentifyNamespace.*;

import blockdev.nvme.Identify;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import blockdev.nvme.controller.kpio.KeyPerIo;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** What a namespace says of itself: each of its claims stands here, and in one place. */
final class NamespaceIdentity {
  /** EUI-64s start with an OUI that is administered locally. */
  private static final long EUI64_BASE = 0x02_0000_0000_0000_00L;

  private NamespaceIdentity() {}

  /** Fills Identify Namespace of the NVM command set. */
  static void put(
      MemorySegment data, Namespace namespace, int maxTransferBytes, @Nullable KeyPerIo keys) {
    data.fill((byte) 0);
    data.set(SubmissionEntry.LONG, NSZE, namespace.blocks());
    data.set(SubmissionEntry.LONG, NCAP, namespace.blocks());
    data.set(SubmissionEntry.LONG, NUSE, namespace.blocks());
    data.set(ValueLayout.JAVA_BYTE, NLBAF, (byte) (LbaFormat.SUPPORTED.size() - 1));
    LbaFormat inUse = namespace.format();
    int extended = inUse.isExtended() ? FLBAS_EXTENDED : 0;
    int protectionFirst = inUse.protectionFirst() ? DPS_FIRST : 0;
    data.set(ValueLayout.JAVA_BYTE, NSFEAT, (byte) NSFEAT_DEALLOCATED_ERROR);
    data.set(ValueLayout.JAVA_BYTE, FLBAS, (byte) (inUse.index() | extended));
    data.set(ValueLayout.JAVA_BYTE, MC, (byte) 0b11); // behind the data, and separate
    data.set(ValueLayout.JAVA_BYTE, DPC, (byte) 0b11001); // type 1, as first bytes, as last
    data.set(ValueLayout.JAVA_BYTE, DPS, (byte) (inUse.protectionType() | protectionFirst));
    int copyBlocks = NvmLimits.copyBlocks(maxTransferBytes, inUse);
    data.set(SubmissionEntry.SHORT, MSSRL, (short) copyBlocks);
    data.set(SubmissionEntry.INT, MCL, copyBlocks);
    data.set(ValueLayout.JAVA_BYTE, MSRC, (byte) (NvmLimits.COPY_RANGES - 1));
    data.set(ValueLayout.JAVA_BYTE, FPI, (byte) formatProgress(namespace));
    data.set(ValueLayout.JAVA_BYTE, DLFEAT, (byte) NvmLimits.DEALLOCATION_FEATURES);
    if (keys != null) {
      data.set(ValueLayout.JAVA_BYTE, KPIOS, keyPerIoState(keys, namespace));
      data.set(SubmissionEntry.INT, KPIODAAG, keys.granularityBlocks() - 1);
    }
    putEui64(data, EUI64, namespace);
    for (int i = 0; i < LbaFormat.SUPPORTED.size(); i++) {
      LbaFormat format = LbaFormat.SUPPORTED.get(i);
      data.set(
          SubmissionEntry.INT, LBAF + 4L * i, format.blockShift() << 16 | format.metadataBytes());
    }
  }

  /** Fills what is independent of the command set (CNS 08h). */
  static void putIndependent(MemorySegment data, Namespace namespace, @Nullable KeyPerIo keys) {
    data.fill((byte) 0);
    data.set(ValueLayout.JAVA_BYTE, INDEPENDENT_FPI, (byte) formatProgress(namespace));
    boolean ready = namespace.refusal(false) != NvmeStatus.NAMESPACE_NOT_READY;
    data.set(ValueLayout.JAVA_BYTE, INDEPENDENT_NSTAT, (byte) (ready ? NSTAT_READY : 0));
    if (keys != null) {
      data.set(ValueLayout.JAVA_BYTE, INDEPENDENT_KPIOS, keyPerIoState(keys, namespace));
      int tags = keys.keyTags(namespace.id());
      data.set(SubmissionEntry.SHORT, INDEPENDENT_MAXKT, (short) Math.max(0, tags - 1));
    }
  }

  private static byte keyPerIoState(KeyPerIo keys, Namespace namespace) {
    return (byte) (KPIOS_SUPPORTED | (keys.isManaged(namespace.id()) ? KPIOS_ENABLED : 0));
  }

  /** Fills the list of descriptors (CNS 03h): an EUI-64, and the command set. */
  static void putDescriptors(MemorySegment data, Namespace namespace) {
    data.fill((byte) 0);
    data.set(ValueLayout.JAVA_BYTE, 0, (byte) Identify.DESCRIPTOR_EUI64);
    data.set(ValueLayout.JAVA_BYTE, 1, (byte) Long.BYTES);
    putEui64(data, 4, namespace);
    data.set(ValueLayout.JAVA_BYTE, 12, (byte) Identify.DESCRIPTOR_COMMAND_SET);
    data.set(ValueLayout.JAVA_BYTE, 13, (byte) 1);
    data.set(ValueLayout.JAVA_BYTE, 16, (byte) Identify.NVM_COMMAND_SET);
  }

  /** Identifiers are big-endian byte strings. */
  private static void putEui64(MemorySegment data, long at, Namespace namespace) {
    data.set(SubmissionEntry.LONG, at, Long.reverseBytes(EUI64_BASE | namespace.id()));
  }

  private static int formatProgress(Namespace namespace) {
    boolean formatting = namespace.refusal(false) == NvmeStatus.FORMAT_IN_PROGRESS;
    return FPI_SUPPORTED | (formatting ? 100 : 0); // percent that remain
  }
}
