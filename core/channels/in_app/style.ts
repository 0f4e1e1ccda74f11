/** The page's only style: its hash stands in the page's policy, so it must be written out as it is. */
export const STYLE = `
:root { color-scheme: light dark; --bg: #f6f7f9; --card: #fff; --text: #1c2430; --mute: #5d6876; --line: #dfe3e8; --accent: #2457d6; --critical: #c8242f; --high: #c2600a; --normal: #5d6876; --success: #177a45; --info: #2457d6; }
@media (prefers-color-scheme: dark) { :root { --bg: #14181e; --card: #1d232b; --text: #e6eaf0; --mute: #9aa5b3; --line: #333c48; --accent: #8fb2ff; --critical: #ff7a82; --high: #ffab5e; --normal: #9aa5b3; --success: #5fd394; --info: #8fb2ff; } }
body { margin: 0; background: var(--bg); color: var(--text); font: 15px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { max-width: 720px; margin: 0 auto; padding: 16px; }
header { display: flex; align-items: baseline; gap: 12px; } h1 { font-size: 20px; margin: 8px 0; } .count { color: var(--accent); font-weight: 600; }
article { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--normal); border-radius: 8px; padding: 12px 16px; margin: 12px 0; overflow-wrap: anywhere; }
article.critical { border-left-color: var(--critical); } article.high { border-left-color: var(--high); } article.success { border-left-color: var(--success); } article.info { border-left-color: var(--info); }
h2 { font-size: 16px; margin: 0; font-weight: 500; } .unread h2 { font-weight: 700; } .dot { display: inline-block; width: 9px; height: 9px; border-radius: 50%; background: var(--accent); margin-right: 8px; }
p { margin: 6px 0; } .when, .foot, small { color: var(--mute); font-size: 13px; } a { color: var(--accent); } h2 a { color: inherit; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 8px 0; } dt { color: var(--mute); } dd { margin: 0; } ul { margin: 8px 0; padding-left: 20px; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; } .button { border: 1px solid var(--line); border-radius: 6px; padding: 6px 12px; text-decoration: none; } .button.main { border-color: var(--accent); font-weight: 600; } .none { color: var(--mute); text-align: center; padding: 40px 0; }
`;
