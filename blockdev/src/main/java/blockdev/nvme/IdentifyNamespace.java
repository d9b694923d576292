package blockdev.nvme;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The 4096 bytes that Identify returns for a namespace: the NVM command set's (CNS 00h) and, with a
 * prefix in their names, those independent of it (CNS 08h).
 */
public final class IdentifyNamespace {
  public static final int CNS = 0x00;

  public static final int NSZE = 0;
  public static final int NCAP = 8;
  public static final int NUSE = 16;
  public static final int NSFEAT = 24;
  public static final int NLBAF = 25;
  public static final int FLBAS = 26;
  public static final int MC = 27;
  public static final int DPC = 28;
  public static final int DPS = 29;
  public static final int FPI = 32;
  public static final int DLFEAT = 33;
  public static final int MSSRL = 74;
  public static final int MCL = 76;
  public static final int MSRC = 80;
  public static final int KPIOS = 81;
  public static final int KPIODAAG = 84;
  public static final int NSATTR = 99;
  public static final int NGUID = 104;
  public static final int EUI64 = 120;
  public static final int LBAF = 128;

  public static final int FLBAS_EXTENDED = 1 << 4;
  public static final int DPS_FIRST = 1 << 3;
  public static final int NSFEAT_DEALLOCATED_ERROR = 1 << 2;
  public static final int FPI_SUPPORTED = 1 << 7;
  public static final int KPIOS_ENABLED = 1;
  public static final int KPIOS_SUPPORTED = 1 << 1;

  public static final int INDEPENDENT_CNS = 0x08;
  public static final int INDEPENDENT_FPI = 3;
  public static final int INDEPENDENT_NSATTR = 8;
  public static final int INDEPENDENT_NSTAT = 14;
  public static final int INDEPENDENT_KPIOS = 15;
  public static final int INDEPENDENT_MAXKT = 16;
  public static final int NSTAT_READY = 1;

  private IdentifyNamespace() {}

  public static long blocks(MemorySegment data) {
    return data.get(SubmissionEntry.LONG, NSZE);
  }

  private static int format(MemorySegment data) {
    int index = data.get(ValueLayout.JAVA_BYTE, FLBAS) & 0xF;
    return data.get(SubmissionEntry.INT, LBAF + 4L * index);
  }

  /** Of each block. */
  public static int metadataBytes(MemorySegment data) {
    return format(data) & 0xFFFF;
  }

  /** Whether metadata follows the data of its block. */
  public static boolean isExtended(MemorySegment data) {
    return (data.get(ValueLayout.JAVA_BYTE, FLBAS) & FLBAS_EXTENDED) != 0;
  }

  /** Of the protection information in the metadata, 0 for none. */
  public static int protectionType(MemorySegment data) {
    return data.get(ValueLayout.JAVA_BYTE, DPS) & 7;
  }

  /** Whether all data go with key tags. */
  public static boolean isManaged(MemorySegment data) {
    return (data.get(ValueLayout.JAVA_BYTE, KPIOS) & KPIOS_ENABLED) != 0;
  }

  /** Blocks that address and length of a command with a key tag are multiples of. */
  public static int keyPerIoGranularityBlocks(MemorySegment data) {
    return data.get(SubmissionEntry.INT, KPIODAAG) + 1;
  }

  /** The largest key tag of a managed namespace, in what is independent of the command set. */
  public static int maxKeyTag(MemorySegment independent) {
    return independent.get(SubmissionEntry.SHORT, INDEPENDENT_MAXKT) & 0xFFFF;
  }

  /** Bytes of data in a logical block, by the format in use. */
  public static int blockBytes(MemorySegment data) {
    return 1 << (format(data) >>> 16 & 0xFF);
  }
}
