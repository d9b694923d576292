package blockdev.nvme.kpio;

import java.lang.foreign.MemorySegment;

/**
 * A request about a ComID's keys, and its response, big-endian (TCG Storage Architecture Core,
 * HANDLE_COMID_REQUEST and GET_COMID_RESPONSE):
 *
 * <pre>
 * request   0 ComID (2) | 2 extension (2) | 4 request code (4) | 8 key tag (2)
 * response  0 ComID (2) | 2 extension (2) | 4 request code (4) | 8 reserved (2)
 *          10 available data: 4, or 0 while pending (2) | 12 status (4)
 * </pre>
 */
public final class ComIdRequest {
  public static final int BYTES = 10;
  public static final int RESPONSE_BYTES = 16;

  public static final int CLEAR_SINGLE_MEK = 3;
  public static final int CLEAR_ALL_MEKS = 4;

  // Statuses.
  public static final int SUCCESS = 0;
  public static final int FAILURE = 1;
  public static final int DISABLED_BY_POLICY = 2;
  public static final int INVALID_KEY_TAG = 3;
  public static final int NOT_MANAGED = 4;

  private static final int REQUEST_CODE = 4;
  private static final int KEY_TAG = 8;
  private static final int AVAILABLE = 10;
  private static final int STATUS = 12;

  private ComIdRequest() {}

  public static void put(MemorySegment request, int comId, int code, int keyTag) {
    request.set(Discovery.SHORT, 0, (short) comId);
    request.set(Discovery.SHORT, 2, (short) 0);
    request.set(Ttlv.INT, REQUEST_CODE, code);
    request.set(Discovery.SHORT, KEY_TAG, (short) keyTag);
  }

  public static int code(MemorySegment request) {
    return request.get(Ttlv.INT, REQUEST_CODE);
  }

  public static int keyTag(MemorySegment request) {
    return request.get(Discovery.SHORT, KEY_TAG) & 0xFFFF;
  }

  public static void putResponse(MemorySegment response, int comId, int code, int status) {
    response.asSlice(0, RESPONSE_BYTES).fill((byte) 0);
    response.set(Discovery.SHORT, 0, (short) comId);
    response.set(Ttlv.INT, REQUEST_CODE, code);
    response.set(Discovery.SHORT, AVAILABLE, (short) Integer.BYTES);
    response.set(Ttlv.INT, STATUS, status);
  }

  /** The status, or −1 if there is none. */
  public static int status(MemorySegment response) {
    return response.get(Discovery.SHORT, AVAILABLE) == Integer.BYTES
        ? response.get(Ttlv.INT, STATUS)
        : -1;
  }
}
