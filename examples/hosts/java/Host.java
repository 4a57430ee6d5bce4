// A host in Java with JNA: audits a caseload, monitors a live event, and shows what an error looks like.
//
//     java -cp jna.jar:. Host policy.json cases.jsonl
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.NativeLongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

public final class Host {
    private static final long INSTANT_NONE = Long.MIN_VALUE;

    /** The functions of duecare.h that this host calls. size_t is NativeLong; strings go as bytes and length. */
    interface Duecare extends Library {
        Duecare LIBRARY = Native.load("duecare", Duecare.class);

        String duecare_version();
        String duecare_status_get_name(int status);
        String duecare_verdict_get_name(int verdict);

        Pointer duecare_error_get_message(Pointer error, NativeLongByReference length);
        void duecare_error_free(Pointer error);

        int duecare_text_new(PointerByReference text, PointerByReference error);
        Pointer duecare_text_get(Pointer text, NativeLongByReference length);
        void duecare_text_free(Pointer text);

        int duecare_policy_compile(byte[] name, NativeLong nameLength, byte[] json, NativeLong jsonLength,
                PointerByReference policy, PointerByReference error);
        void duecare_policy_free(Pointer policy);

        int duecare_caseload_new(Pointer options, PointerByReference caseload, PointerByReference error);
        int duecare_caseload_read_file(Pointer caseload, byte[] path, NativeLong length, PointerByReference error);
        long duecare_caseload_count_rejects(Pointer caseload);
        long duecare_caseload_get_reject_line(Pointer caseload, long index);
        Pointer duecare_caseload_get_reject_reason(Pointer caseload, long index, NativeLongByReference length);
        void duecare_caseload_free(Pointer caseload);

        int duecare_audit_run(Pointer policy, Pointer caseload, Pointer options, PointerByReference result,
                PointerByReference error);
        long duecare_result_count_findings(Pointer result);
        void duecare_result_free(Pointer result);

        int duecare_finding_new(Pointer result, PointerByReference finding, PointerByReference error);
        int duecare_finding_at(Pointer finding, long index, PointerByReference error);
        Pointer duecare_finding_get_case_id(Pointer finding, NativeLongByReference length);
        Pointer duecare_finding_get_duty_id(Pointer finding, NativeLongByReference length);
        Pointer duecare_finding_get_key(Pointer finding, NativeLongByReference length);
        int duecare_finding_get_verdict(Pointer finding);
        long duecare_finding_get_due_at(Pointer finding);
        void duecare_finding_free(Pointer finding);

        int duecare_monitor_new(Pointer policy, MonitorOptions options, PointerByReference monitor,
                PointerByReference error);
        int duecare_monitor_push_document(Pointer monitor, byte[] json, NativeLong length, PointerByReference changes,
                PointerByReference error);
        int duecare_monitor_push_event(Pointer monitor, byte[] caseId, NativeLong caseIdLength, byte[] json,
                NativeLong length, PointerByReference changes, PointerByReference error);
        int duecare_monitor_set_clock(Pointer monitor, long asOf, long knownAt, PointerByReference changes,
                PointerByReference error);
        long duecare_monitor_get_next_due(Pointer monitor);
        void duecare_monitor_free(Pointer monitor);

        long duecare_changes_count(Pointer changes);
        Pointer duecare_changes_get_case_id(Pointer changes, long index, NativeLongByReference length);
        Pointer duecare_changes_get_duty_id(Pointer changes, long index, NativeLongByReference length);
        Pointer duecare_changes_get_key(Pointer changes, long index, NativeLongByReference length);
        int duecare_changes_get_verdict(Pointer changes, long index);
        long duecare_changes_get_due_at(Pointer changes, long index);
        void duecare_changes_free(Pointer changes);

        int duecare_instant_format(long instant, Pointer text, PointerByReference error);
    }

    /** duecare_monitor_options. */
    @Structure.FieldOrder({"structSize", "flags", "asOf", "knownAt"})
    public static final class MonitorOptions extends Structure {
        static final int AS_OF = 1;
        public int structSize = size();
        public int flags;
        public long asOf;
        public long knownAt;
    }

    private static final Duecare D = Duecare.LIBRARY;

    static final class DuecareException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final String status;

        DuecareException(String status, String message) {
            super(message);
            this.status = status;
        }
    }

    /** An object of the library, freed once: by close(), else when nobody can reach it any more. */
    static final class Handle implements AutoCloseable {
        private static final Cleaner CLEANER = Cleaner.create();
        final Pointer raw;
        private final Cleaner.Cleanable cleanable;

        Handle(PointerByReference made, Consumer<Pointer> free) {
            final Pointer pointer = made.getValue();
            raw = pointer;
            cleanable = CLEANER.register(this, () -> free.accept(pointer));
        }

        @Override
        public void close() {
            cleanable.clean();
        }
    }

    interface Accessor {
        Pointer get(NativeLongByReference length);
    }

    /** Copies borrowed text; null where the field is null. */
    private static String text(Accessor accessor) {
        final NativeLongByReference length = new NativeLongByReference();
        final Pointer bytes = accessor.get(length);
        if (bytes == null) return null;
        return new String(bytes.getByteArray(0, length.getValue().intValue()), StandardCharsets.UTF_8);
    }

    interface Call {
        int run(PointerByReference error);
    }

    private static void check(Call call) {
        final PointerByReference error = new PointerByReference();
        final int status = call.run(error);
        if (status == 0) return;
        final String message = text(length -> D.duecare_error_get_message(error.getValue(), length));
        D.duecare_error_free(error.getValue());
        throw new DuecareException(D.duecare_status_get_name(status), message);
    }

    private static NativeLong size(byte[] bytes) {
        return new NativeLong(bytes.length);
    }

    private static Handle compile(byte[] json, String name) {
        final PointerByReference policy = new PointerByReference();
        final byte[] shown = name.getBytes(StandardCharsets.UTF_8);
        check(error -> D.duecare_policy_compile(shown, size(shown), json, size(json), policy, error));
        return new Handle(policy, D::duecare_policy_free);
    }

    private static Handle readCases(String path) {
        final PointerByReference caseload = new PointerByReference();
        check(error -> D.duecare_caseload_new(null, caseload, error));
        final Handle handle = new Handle(caseload, D::duecare_caseload_free);
        final byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        check(error -> D.duecare_caseload_read_file(handle.raw, bytes, size(bytes), error));
        return handle;
    }

    private static String instant(long instant) {
        final PointerByReference made = new PointerByReference();
        check(error -> D.duecare_text_new(made, error));
        try (Handle into = new Handle(made, D::duecare_text_free)) {
            check(error -> D.duecare_instant_format(instant, into.raw, error));
            return text(length -> D.duecare_text_get(into.raw, length));
        }
    }

    private static String line(Handle finding) {
        final String key = text(length -> D.duecare_finding_get_key(finding.raw, length));
        final long due = D.duecare_finding_get_due_at(finding.raw);
        return text(length -> D.duecare_finding_get_case_id(finding.raw, length))
                + " " + text(length -> D.duecare_finding_get_duty_id(finding.raw, length))
                + " " + (key == null ? "-" : key)
                + " " + D.duecare_verdict_get_name(D.duecare_finding_get_verdict(finding.raw))
                + (due == INSTANT_NONE ? "" : " due " + instant(due));
    }

    private static void audit(Handle policy, String cases, PrintStream out) {
        try (Handle caseload = readCases(cases)) {
            for (long i = 0; i < D.duecare_caseload_count_rejects(caseload.raw); ++i) {
                final long index = i;
                out.println("rejected: line " + D.duecare_caseload_get_reject_line(caseload.raw, index) + ": "
                        + text(length -> D.duecare_caseload_get_reject_reason(caseload.raw, index, length)));
            }
            final PointerByReference made = new PointerByReference();
            check(error -> D.duecare_audit_run(policy.raw, caseload.raw, null, made, error));
            try (Handle result = new Handle(made, D::duecare_result_free)) {
                final PointerByReference reader = new PointerByReference();
                check(error -> D.duecare_finding_new(result.raw, reader, error));
                try (Handle finding = new Handle(reader, D::duecare_finding_free)) {
                    for (long i = 0; i < D.duecare_result_count_findings(result.raw); ++i) {
                        final long index = i;
                        check(error -> D.duecare_finding_at(finding.raw, index, error));
                        out.println(line(finding));
                    }
                }
            }
        }
    }

    /** What a call to the monitor changed, a line each; frees the list. */
    private static void printChanges(PointerByReference made, PrintStream out) {
        try (Handle changes = new Handle(made, D::duecare_changes_free)) {
            for (long i = 0; i < D.duecare_changes_count(changes.raw); ++i) {
                final long index = i;
                final String key = text(length -> D.duecare_changes_get_key(changes.raw, index, length));
                final long due = D.duecare_changes_get_due_at(changes.raw, index);
                out.println("now " + text(length -> D.duecare_changes_get_case_id(changes.raw, index, length))
                        + " " + text(length -> D.duecare_changes_get_duty_id(changes.raw, index, length))
                        + " " + (key == null ? "-" : key)
                        + " " + D.duecare_verdict_get_name(D.duecare_changes_get_verdict(changes.raw, index))
                        + (due == INSTANT_NONE ? "" : " due " + instant(due)));
            }
        }
    }

    /** A child comes back, and then 72 hours pass. */
    private static void monitor(Handle policy, PrintStream out) {
        final MonitorOptions options = new MonitorOptions();
        options.flags = MonitorOptions.AS_OF;
        options.asOf = 1675245600000000L; // 2023-02-01T10:00:00Z
        final PointerByReference made = new PointerByReference();
        final PointerByReference changes = new PointerByReference();
        check(error -> D.duecare_monitor_new(policy.raw, options, made, error));
        try (Handle live = new Handle(made, D::duecare_monitor_free)) {
            final byte[] document = ("{\"format\":\"duecare.case/1\",\"id\":\"MC-3\""
                    + ",\"persons\":[{\"id\":\"P7\",\"born\":\"2012-05-06\"}]}").getBytes(StandardCharsets.UTF_8);
            check(error -> D.duecare_monitor_push_document(live.raw, document, size(document), changes, error));
            printChanges(changes, out);
            final byte[] id = "MC-3".getBytes(StandardCharsets.UTF_8);
            final byte[] json = "{\"id\":\"e1\",\"type\":\"missing.returned\",\"occurred_at\":\"2023-02-01T08:00:00Z\"}"
                    .getBytes(StandardCharsets.UTF_8);
            check(error -> D.duecare_monitor_push_event(live.raw, id, size(id), json, size(json), changes, error));
            printChanges(changes, out);
            final long next = D.duecare_monitor_get_next_due(live.raw) + 1; // when it is due is still in time
            check(error -> D.duecare_monitor_set_clock(live.raw, next, next, changes, error));
            printChanges(changes, out);
        }
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: Host policy.json cases.jsonl");
            System.exit(2);
        }
        final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println("duecare " + D.duecare_version());
        try (Handle policy = compile(Files.readAllBytes(Path.of(arguments[0])), arguments[0])) {
            audit(policy, arguments[1], out);
            monitor(policy, out);
        }
        try (Handle broken = compile(
                "{\"format\": \"duecare.policy/1\", \"id\": \"broken\"}".getBytes(StandardCharsets.UTF_8), "broken.json")) {
            out.println("compiled " + broken.raw);
        } catch (DuecareException error) {
            out.println("error " + error.status + ": " + error.getMessage());
        }
    }
}
