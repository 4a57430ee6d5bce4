// A host in C#, for Mono and .NET: audits a caseload, monitors a live event, and shows what an error looks like.
//
//     mono Host.exe policy.json cases.jsonl
using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

// duecare_monitor_options
[StructLayout(LayoutKind.Sequential)]
struct MonitorOptions
{
    public uint StructSize;
    public uint Flags;
    public long AsOf;
    public long KnownAt;
    public const uint HasAsOf = 1;
}

static class Native
{
    const string Library = "libduecare.so.0";  // duecare.dll on Windows
    const CallingConvention C = CallingConvention.Cdecl;

    [DllImport(Library, CallingConvention = C)] public static extern IntPtr duecare_version();
    [DllImport(Library, CallingConvention = C)] public static extern IntPtr duecare_status_get_name(int status);
    [DllImport(Library, CallingConvention = C)] public static extern IntPtr duecare_verdict_get_name(int verdict);

    [DllImport(Library, CallingConvention = C)] public static extern IntPtr duecare_error_get_message(IntPtr error, out UIntPtr length);
    [DllImport(Library, CallingConvention = C)] public static extern void duecare_error_free(IntPtr error);

    [DllImport(Library, CallingConvention = C)] public static extern int duecare_text_new(out IntPtr text, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern IntPtr duecare_text_get(IntPtr text, out UIntPtr length);
    [DllImport(Library, CallingConvention = C)] public static extern void duecare_text_free(IntPtr text);

    [DllImport(Library, CallingConvention = C)] public static extern int duecare_policy_compile(byte[] name, UIntPtr nameLength, byte[] json, UIntPtr jsonLength, out IntPtr policy, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern void duecare_policy_free(IntPtr policy);

    [DllImport(Library, CallingConvention = C)] public static extern int duecare_caseload_new(IntPtr options, out IntPtr caseload, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern int duecare_caseload_read_file(IntPtr caseload, byte[] path, UIntPtr length, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern ulong duecare_caseload_count_rejects(IntPtr caseload);
    [DllImport(Library, CallingConvention = C)] public static extern ulong duecare_caseload_get_reject_line(IntPtr caseload, ulong index);
    [DllImport(Library, CallingConvention = C)] public static extern IntPtr duecare_caseload_get_reject_reason(IntPtr caseload, ulong index, out UIntPtr length);
    [DllImport(Library, CallingConvention = C)] public static extern void duecare_caseload_free(IntPtr caseload);

    [DllImport(Library, CallingConvention = C)] public static extern int duecare_audit_run(IntPtr policy, IntPtr caseload, IntPtr options, out IntPtr result, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern ulong duecare_result_count_findings(IntPtr result);
    [DllImport(Library, CallingConvention = C)] public static extern void duecare_result_free(IntPtr result);

    [DllImport(Library, CallingConvention = C)] public static extern int duecare_finding_new(IntPtr result, out IntPtr finding, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern int duecare_finding_at(IntPtr finding, ulong index, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern IntPtr duecare_finding_get_case_id(IntPtr finding, out UIntPtr length);
    [DllImport(Library, CallingConvention = C)] public static extern IntPtr duecare_finding_get_duty_id(IntPtr finding, out UIntPtr length);
    [DllImport(Library, CallingConvention = C)] public static extern IntPtr duecare_finding_get_key(IntPtr finding, out UIntPtr length);
    [DllImport(Library, CallingConvention = C)] public static extern int duecare_finding_get_verdict(IntPtr finding);
    [DllImport(Library, CallingConvention = C)] public static extern long duecare_finding_get_due_at(IntPtr finding);
    [DllImport(Library, CallingConvention = C)] public static extern void duecare_finding_free(IntPtr finding);

    [DllImport(Library, CallingConvention = C)] public static extern int duecare_monitor_new(IntPtr policy, ref MonitorOptions options, out IntPtr monitor, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern int duecare_monitor_push_document(IntPtr monitor, byte[] json, UIntPtr length, out IntPtr changes, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern int duecare_monitor_push_event(IntPtr monitor, byte[] caseId, UIntPtr caseIdLength, byte[] json, UIntPtr length, out IntPtr changes, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern int duecare_monitor_set_clock(IntPtr monitor, long asOf, long knownAt, out IntPtr changes, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern long duecare_monitor_get_next_due(IntPtr monitor);
    [DllImport(Library, CallingConvention = C)] public static extern void duecare_monitor_free(IntPtr monitor);

    [DllImport(Library, CallingConvention = C)] public static extern ulong duecare_changes_count(IntPtr changes);
    [DllImport(Library, CallingConvention = C)] public static extern IntPtr duecare_changes_get_case_id(IntPtr changes, ulong index, out UIntPtr length);
    [DllImport(Library, CallingConvention = C)] public static extern IntPtr duecare_changes_get_duty_id(IntPtr changes, ulong index, out UIntPtr length);
    [DllImport(Library, CallingConvention = C)] public static extern IntPtr duecare_changes_get_key(IntPtr changes, ulong index, out UIntPtr length);
    [DllImport(Library, CallingConvention = C)] public static extern int duecare_changes_get_verdict(IntPtr changes, ulong index);
    [DllImport(Library, CallingConvention = C)] public static extern long duecare_changes_get_due_at(IntPtr changes, ulong index);
    [DllImport(Library, CallingConvention = C)] public static extern void duecare_changes_free(IntPtr changes);

    [DllImport(Library, CallingConvention = C)] public static extern int duecare_instant_format(long instant, IntPtr text, out IntPtr error);
}

sealed class DuecareException : Exception
{
    public readonly string Status;
    public DuecareException(string status, string message) : base(message) { Status = status; }
}

// An object of the library, freed once: by Dispose, else by the collector. In any order.
sealed class Handle : SafeHandle
{
    readonly Action<IntPtr> free;
    public Handle(IntPtr raw, Action<IntPtr> free) : base(IntPtr.Zero, true) { this.free = free; SetHandle(raw); }
    public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
    protected override bool ReleaseHandle() { free(handle); return true; }
    public IntPtr Raw { get { return handle; } }
}

static class Duecare
{
    public const long InstantNone = long.MinValue;

    public static string Text(IntPtr bytes, UIntPtr length)
    {
        if (bytes == IntPtr.Zero) return null;
        var copy = new byte[(int)length];
        Marshal.Copy(bytes, copy, 0, copy.Length);
        return Encoding.UTF8.GetString(copy);
    }

    public static string Name(IntPtr name) { return Marshal.PtrToStringAnsi(name); }  // ASCII, and for ever

    public static void Check(int status, IntPtr error)
    {
        if (status == 0) return;
        UIntPtr length;
        var bytes = Native.duecare_error_get_message(error, out length);
        var message = Text(bytes, length);
        Native.duecare_error_free(error);
        throw new DuecareException(Name(Native.duecare_status_get_name(status)), message);
    }

    public static Handle Compile(byte[] json, string name)
    {
        IntPtr policy, error;
        var shown = Encoding.UTF8.GetBytes(name);
        Check(Native.duecare_policy_compile(shown, (UIntPtr)shown.Length, json, (UIntPtr)json.Length, out policy, out error), error);
        return new Handle(policy, Native.duecare_policy_free);
    }

    public static string Instant(long instant)
    {
        IntPtr text, error;
        UIntPtr length;
        Check(Native.duecare_text_new(out text, out error), error);
        using (new Handle(text, Native.duecare_text_free))
        {
            Check(Native.duecare_instant_format(instant, text, out error), error);
            var bytes = Native.duecare_text_get(text, out length);
            return Text(bytes, length);
        }
    }
}

static class Program
{
    static void PrintRejects(Handle caseload)
    {
        for (ulong i = 0; i < Native.duecare_caseload_count_rejects(caseload.Raw); ++i)
        {
            UIntPtr length;
            var reason = Native.duecare_caseload_get_reject_reason(caseload.Raw, i, out length);
            Console.WriteLine("rejected: line {0}: {1}", Native.duecare_caseload_get_reject_line(caseload.Raw, i), Duecare.Text(reason, length));
        }
    }

    static void PrintFinding(Handle finding)
    {
        UIntPtr length;
        var bytes = Native.duecare_finding_get_case_id(finding.Raw, out length);
        var line = new StringBuilder(Duecare.Text(bytes, length));
        bytes = Native.duecare_finding_get_duty_id(finding.Raw, out length);
        line.Append(' ').Append(Duecare.Text(bytes, length));
        bytes = Native.duecare_finding_get_key(finding.Raw, out length);
        line.Append(' ').Append(Duecare.Text(bytes, length) ?? "-");
        line.Append(' ').Append(Duecare.Name(Native.duecare_verdict_get_name(Native.duecare_finding_get_verdict(finding.Raw))));
        var due = Native.duecare_finding_get_due_at(finding.Raw);
        if (due != Duecare.InstantNone) line.Append(" due ").Append(Duecare.Instant(due));
        Console.WriteLine(line);
    }

    static void Audit(Handle policy, string cases)
    {
        IntPtr raw, error;
        Duecare.Check(Native.duecare_caseload_new(IntPtr.Zero, out raw, out error), error);
        using (var caseload = new Handle(raw, Native.duecare_caseload_free))
        {
            var path = Encoding.UTF8.GetBytes(cases);
            Duecare.Check(Native.duecare_caseload_read_file(caseload.Raw, path, (UIntPtr)path.Length, out error), error);
            PrintRejects(caseload);
            Duecare.Check(Native.duecare_audit_run(policy.Raw, caseload.Raw, IntPtr.Zero, out raw, out error), error);
            using (var result = new Handle(raw, Native.duecare_result_free))
            {
                Duecare.Check(Native.duecare_finding_new(result.Raw, out raw, out error), error);
                using (var finding = new Handle(raw, Native.duecare_finding_free))
                {
                    for (ulong i = 0; i < Native.duecare_result_count_findings(result.Raw); ++i)
                    {
                        Duecare.Check(Native.duecare_finding_at(finding.Raw, i, out error), error);
                        PrintFinding(finding);
                    }
                }
            }
        }
    }

    // What a call to the monitor changed, a line each; frees the list.
    static void PrintChanges(IntPtr raw)
    {
        using (var changes = new Handle(raw, Native.duecare_changes_free))
        {
            for (ulong i = 0; i < Native.duecare_changes_count(changes.Raw); ++i)
            {
                UIntPtr length;
                var line = new StringBuilder("now ");
                var bytes = Native.duecare_changes_get_case_id(changes.Raw, i, out length);
                line.Append(Duecare.Text(bytes, length));
                bytes = Native.duecare_changes_get_duty_id(changes.Raw, i, out length);
                line.Append(' ').Append(Duecare.Text(bytes, length));
                bytes = Native.duecare_changes_get_key(changes.Raw, i, out length);
                line.Append(' ').Append(Duecare.Text(bytes, length) ?? "-");
                line.Append(' ').Append(Duecare.Name(Native.duecare_verdict_get_name(Native.duecare_changes_get_verdict(changes.Raw, i))));
                var due = Native.duecare_changes_get_due_at(changes.Raw, i);
                if (due != Duecare.InstantNone) line.Append(" due ").Append(Duecare.Instant(due));
                Console.WriteLine(line);
            }
        }
    }

    // A child comes back, and then 72 hours pass.
    static void Monitor(Handle policy)
    {
        IntPtr raw, changes, error;
        var options = new MonitorOptions
        {
            StructSize = (uint)Marshal.SizeOf(typeof(MonitorOptions)),
            Flags = MonitorOptions.HasAsOf,
            AsOf = 1675245600000000,  // 2023-02-01T10:00:00Z
        };
        Duecare.Check(Native.duecare_monitor_new(policy.Raw, ref options, out raw, out error), error);
        using (var live = new Handle(raw, Native.duecare_monitor_free))
        {
            var document = Encoding.UTF8.GetBytes("{\"format\":\"duecare.case/1\",\"id\":\"MC-3\",\"persons\":[{\"id\":\"P7\",\"born\":\"2012-05-06\"}]}");
            Duecare.Check(Native.duecare_monitor_push_document(live.Raw, document, (UIntPtr)document.Length, out changes, out error), error);
            PrintChanges(changes);
            var id = Encoding.UTF8.GetBytes("MC-3");
            var json = Encoding.UTF8.GetBytes("{\"id\":\"e1\",\"type\":\"missing.returned\",\"occurred_at\":\"2023-02-01T08:00:00Z\"}");
            Duecare.Check(Native.duecare_monitor_push_event(live.Raw, id, (UIntPtr)id.Length, json, (UIntPtr)json.Length, out changes, out error), error);
            PrintChanges(changes);
            var next = Native.duecare_monitor_get_next_due(live.Raw) + 1;  // what happens when it is due is still in time
            Duecare.Check(Native.duecare_monitor_set_clock(live.Raw, next, next, out changes, out error), error);
            PrintChanges(changes);
        }
    }

    static int Main(string[] arguments)
    {
        if (arguments.Length != 2)
        {
            Console.Error.WriteLine("usage: Host policy.json cases.jsonl");
            return 2;
        }
        Console.OutputEncoding = new UTF8Encoding(false);
        Console.WriteLine("duecare {0}", Duecare.Name(Native.duecare_version()));
        using (var policy = Duecare.Compile(File.ReadAllBytes(arguments[0]), arguments[0]))
        {
            Audit(policy, arguments[1]);
            Monitor(policy);
        }
        try
        {
            Duecare.Compile(Encoding.UTF8.GetBytes("{\"format\": \"duecare.policy/1\", \"id\": \"broken\"}"), "broken.json");
        }
        catch (DuecareException error)
        {
            Console.WriteLine("error {0}: {1}", error.Status, error.Message);
        }
        return 0;
    }
}
