/// The look of all pages. It is in the page itself, and the only one that the browser may use.
package enum StyleSheet {
    /// What `Content-Security-Policy` calls it by: its SHA-256. A test says what it has to be.
    package static let hash = "sha256-q3WlWQJT8l5w7+N/dn9LTtL7E7wsUckYCkJ3ddpGF5s="

    static let text: StaticString = """
        :root{color-scheme:light dark;--page:#f4f6f8;--card:#fff;--text:#1b2027;--dim:#545d69;--line:#d5dbe2;
        --link:#0a58a8;--good:#18702f;--warn:#8a5200;--bad:#b3201a;--running:#0b6bb3;--booting:#b87800;
        --requested:#7a8492;--pending:#1b2027;--s0:#0b6bb3;--s1:#b3541e;--s2:#18794e;--s3:#8e3b9e;--s4:#7a6a00;
        --s5:#a3264f;--s6:#5a51c8;--s7:#4a5a63}
        @media(prefers-color-scheme:dark){:root{--page:#0e1216;--card:#171c22;--text:#e7eaee;--dim:#a0aab6;
        --line:#303842;--link:#82bcff;--good:#5fd184;--warn:#f3bb55;--bad:#ff9289;--running:#4ba6e8;
        --booting:#f0b13c;--requested:#8e99a8;--pending:#fff;--s0:#4ba6e8;--s1:#f0945c;--s2:#4cc38a;
        --s3:#d08be0;--s4:#cfc04a;--s5:#f2789f;--s6:#a79bff;--s7:#b8c4cc}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,sans-serif;
        font-variant-numeric:tabular-nums}
        a{color:var(--link)}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
        .skip{position:absolute;left:-999px;top:0;padding:.5rem 1rem;background:var(--card);z-index:1}
        .skip:focus{left:0}
        header,main,footer{max-width:76rem;margin:0 auto;padding:0 1rem}
        header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;padding-top:1rem}
        header p{margin:0}header nav{margin-left:auto}nav ul{display:flex;gap:1rem;margin:0;padding:0;list-style:none}
        .brand{font-weight:700;font-size:1.15rem;text-decoration:none;color:inherit}
        footer{padding-bottom:2rem;color:var(--dim);font-size:.875rem}
        h1{font-size:1.5rem;margin:1rem 0 .5rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}
        .dim,time{font-weight:400;color:var(--dim)}.small{font-size:.875rem}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.75rem;margin:0 0 1rem;
        padding:0;list-style:none}
        .panel{margin:0 0 .75rem}.card,.panel{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem}
        form p{margin:0;padding-bottom:.5rem}[aria-current]{color:inherit;font-weight:600;text-decoration:none}
        nav+figure,nav+.panel{margin-top:.5rem}.card p{margin:0}.card .figure{font-size:1.5rem;font-weight:650;line-height:1.3}
        .card .figure small{font-size:.9rem;font-weight:400}
        .good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
        .state{font-weight:600;white-space:nowrap}
        form{display:flex;flex-wrap:wrap;gap:.75rem;align-items:end;margin:0 0 .75rem}
        label{display:block;font-size:.875rem;color:var(--dim)}
        input,select,button{font:inherit;color:var(--text);background:var(--card);border:1px solid var(--dim);
        border-radius:.35rem;padding:.3rem .6rem;min-height:2.4rem}
        button{font-weight:600;cursor:pointer}
        table{width:100%;border-collapse:collapse;background:var(--card);border:1px solid var(--line);
        border-radius:.5rem}
        caption{text-align:left;color:var(--dim);font-size:.875rem;padding:.25rem 0}
        th,td{padding:.45rem .75rem;text-align:left;vertical-align:top;border-top:1px solid var(--line)}
        .text,.note{overflow-wrap:anywhere}
        thead th{font-size:.8125rem;color:var(--dim);border:0;vertical-align:bottom}
        tbody th{font-weight:600}.number{text-align:right;white-space:nowrap}
        @media(min-width:60rem){.wide{overflow-x:auto;font-size:.875rem}
        .wide th,.wide td{padding:.45rem .35rem}.wide tbody th{white-space:nowrap}
        .wide thead .number{white-space:normal}.wide tbody th{position:sticky;left:0;background:var(--card)}}
        .note{font-weight:400;font-size:.875rem;display:block;max-width:34rem}
        .bar{display:block;width:100%;min-width:9rem;height:1.35rem}
        .track{fill:var(--line);opacity:.55}.running{fill:var(--running)}.booting{fill:var(--booting)}
        .requested{fill:var(--requested)}.waiting{fill:var(--pending)}.limit{stroke:var(--text)}
        svg .pending{stroke:var(--pending);stroke-dasharray:5 3}.halo{fill:none;stroke:var(--card);stroke-width:5;opacity:.8}
        .grid{stroke:var(--line)}.line{fill:none;stroke-width:2}
        .s0{stroke:var(--s0)}.s1{stroke:var(--s1);stroke-dasharray:8 3}.s2{stroke:var(--s2);stroke-dasharray:3 3}
        .s3{stroke:var(--s3);stroke-dasharray:10 3 2 3}.s4{stroke:var(--s4);stroke-dasharray:5 5}
        .s5{stroke:var(--s5);stroke-dasharray:1 4}
        .s6{stroke:var(--s6);stroke-dasharray:14 4}.s7{stroke:var(--s7);stroke-dasharray:2 2 8 2}
        .success{fill:var(--good)}.partial,.degraded{fill:var(--warn)}.failed{fill:var(--bad)}.unfinished{fill:var(--requested)}
        figure{margin:0}figcaption{font-weight:600}
        .plot{display:grid;grid-template-columns:auto 1fr;gap:0 .5rem;margin-top:.5rem}
        .plot svg{width:100%;height:12rem;display:block}.plot.low svg{height:5rem}
        .axis{display:flex;justify-content:space-between;color:var(--dim);font-size:.8125rem;line-height:1}
        .axis.y{flex-direction:column;text-align:right}.axis.x{grid-column:2;padding-top:.35rem}
        .legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:.75rem 0 0;padding:0;list-style:none;
        font-size:.875rem}
        .swatch{width:1.6rem;height:.8rem;margin-right:.4rem;vertical-align:middle}
        pre{margin:0;padding:.75rem 1rem;overflow:auto;background:var(--card);border:1px solid var(--line);
        border-radius:.5rem;font:.8125rem/1.5 ui-monospace,monospace}
        ul.plain{padding-left:1.25rem;margin:.5rem 0}
        summary{cursor:pointer;font-weight:600;padding:.25rem 0}
        @media(max-width:60rem){
        thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        thead:focus-within{position:static;width:auto;height:auto;clip-path:none}
        table,tbody,caption{display:block}
        tbody tr{display:grid;grid-template-columns:repeat(auto-fill,minmax(6.5rem,1fr));padding:.5rem .25rem;
        border-top:1px solid var(--line)}
        tbody tr:first-child{border:0}tbody th,.text{grid-column:1/-1}.text{order:1}
        caption{padding:.5rem 1rem}
        th,td{border:0;padding:.15rem .75rem;overflow-wrap:anywhere}.number{text-align:left}
        td::before{content:attr(data-title);display:block;color:var(--dim);font-size:.8125rem;line-height:1.2}
        header nav{margin-left:0}
        }
        """
}
